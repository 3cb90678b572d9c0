#pragma once

#include <cstdint>
#include <span>

#include "engine/routing/routing_block.h"

namespace moescope {

// The auxiliary loss of Switch Transformers (Fedus et al., arXiv 2101.03961, eq. 4): E sum_e f_e P_e, f_e the share of
// tokens whose first choice is e, P_e the mean softmax probability; 1 when balanced. Taken for each group of
// `groupTokens` consecutive tokens (a sequence) and averaged over groups; groupTokens = tokens: over all as one.
// Where dLogits is not empty, `scale` times the gradient is added to it. dLogits: [tokens, experts].
double switchLoss(const RoutingBlock& block, std::int32_t groupTokens, double scale, std::span<float> dLogits);

} // namespace moescope
