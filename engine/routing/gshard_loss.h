#pragma once

#include <cstdint>
#include <span>

#include "engine/routing/routing_block.h"

namespace moescope {

// The auxiliary loss of GShard (Lepikhin et al., arXiv 2006.16668, algorithm 1): (1/E) sum_e (c_e / T) m_e, c_e the
// tokens whose first choice is e, m_e the mean softmax probability; 1 / E^2 when balanced. For each group of
// `groupTokens` consecutive tokens, averaged over groups. Where dLogits is not empty, `scale` times the gradient is
// added to it. dLogits: [tokens, experts].
double gshardLoss(const RoutingBlock& block, std::int32_t groupTokens, double scale, std::span<float> dLogits);

} // namespace moescope
