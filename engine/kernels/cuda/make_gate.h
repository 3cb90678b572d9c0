#pragma once

#include "engine/kernels/cuda/gate.h"
#include "engine/routing/moe_config.h"

namespace moescope::cuda {

// The layer's gate for the kernels; `selectionBias` is the layer's bias in the device's memory, null where it has none.
// Throws Error(InvalidArgument) for a gate that cannot be, Error(Unsupported) for one that the kernels cannot hold.
Gate makeGate(const MoeLayerInfo& layer, const float* selectionBias);

// The error of routeTopK for a logit that is NaN or +inf; `flat` is its index in logits [tokens, experts].
[[noreturn]] void reportBadLogit(LayerId layer, std::int32_t experts, std::uint64_t flat);

} // namespace moescope::cuda
