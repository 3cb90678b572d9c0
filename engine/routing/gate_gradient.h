#pragma once

#include <cstdint>
#include <span>

#include "engine/routing/moe_config.h"

namespace moescope {

// The gradient of a gate's combine weights by its logits, the choice of experts held fixed, added to dLogits:
//
//   Softmax, renormalised   w = softmax over the chosen:  dl_j = w_j (dw_j - sum w dw)
//   Softmax                 w_j = p_j:                    dl_i = p_i (dw_i - sum_j p_j dw_j), dw = 0 off the choice
//   Sigmoid, renormalised   w_j = s_j / S:                dl_j = s_j (1 - s_j) (dw_j - sum w dw) / S
//   Sigmoid                 w_j = s_j:                    dl_j = s_j (1 - s_j) dw_j
//
// each times the gate's scale. A selection bias takes no part in the weights. Slots with kNoExpert are passed over.
// One token: logits, dLogits [experts]; ids, dWeights [slots]; scratch [experts].
// Throws Error(Unsupported) for other score functions, which are not trained.
void addGateGradient(const MoeConfig& moe, std::span<const float> logits, std::span<const std::uint16_t> ids,
                     std::span<const float> dWeights, std::span<float> dLogits, std::span<float> scratch);

} // namespace moescope
