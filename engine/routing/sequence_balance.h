#pragma once

#include <cstdint>
#include <span>

#include "engine/routing/moe_config.h"
#include "engine/routing/routing_block.h"

namespace moescope {

// The sequence-wise balance loss of DeepSeek-V3 (arXiv 2412.19437, eq. 17-20): sum_e f_e P_e for each sequence,
// f_e = E / (k T) n_e, P_e the mean over its tokens of the scores divided by their sum; 1 when balanced, averaged over
// sequences of `sequenceTokens`. score: Softmax, or Sigmoid as in DeepSeek-V3.
// Where dLogits is not empty, `scale` times the gradient is added to it. dLogits: [tokens, experts].
double sequenceBalanceLoss(const RoutingBlock& block, ScoreFunction score, std::int32_t sequenceTokens, double scale,
                           std::span<float> dLogits);

} // namespace moescope
