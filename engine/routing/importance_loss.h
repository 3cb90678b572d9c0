#pragma once

#include <span>
#include <vector>

#include "engine/routing/routing_block.h"

namespace moescope {

// Importance of each expert in a batch, sum_t G_te with G the combine weights (Shazeer et al., arXiv 1701.06538,
// eq. 6). [experts]
std::vector<double> importance(const RoutingBlock& block);

// CV(importance)^2, population variance (eq. 7 without its weight). Where dWeights is not empty, `scale` times the
// gradient by the combine weights is added to it; slots without an expert get none. dWeights: [tokens, topK].
double importanceLoss(const RoutingBlock& block, double scale, std::span<float> dWeights);

} // namespace moescope
