#pragma once

#include <span>

#include "engine/routing/routing_block.h"

namespace moescope {

// Router z-loss (ST-MoE: Zoph et al., arXiv 2202.08906, eq. 5): mean over tokens of logsumexp(logits)^2, which keeps
// logits small. Where dLogits is not empty, `scale` times the gradient 2 logsumexp p_te / T is added to it.
// dLogits: [tokens, experts].
double zLoss(const RoutingBlock& block, double scale, std::span<float> dLogits);

} // namespace moescope
