#pragma once

#include <cstdint>
#include <span>

#include "engine/routing/capacity.h"
#include "engine/routing/moe_config.h"

namespace moescope {

// Routes under a capacity, in place: consecutive groups of options.groupTokens are served by options.policy, the last
// one by its own size. A dropped choice leaves its slot (kNoExpert, weight 0), so that its expert contributes nothing;
// the other weights stay as they are. A choice that `next` sends elsewhere keeps its weight times the ratio of the two
// experts' probs. Slots are ordered by weight, empty ones last. What happened is added to `counts`.
//
// logits [tokens, experts] may be empty for policy drop; ids and weights: [tokens, topK of the layer].
// Throws Error(Unsupported) where logits are needed and missing.
void limitToCapacity(const MoeLayerInfo& layer, const CapacityOptions& options, std::span<const float> logits,
                     std::span<std::uint16_t> ids, std::span<float> weights, OverflowCounts& counts);

} // namespace moescope
