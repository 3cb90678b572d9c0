#pragma once

#include <span>

#include "engine/routing/routing_block.h"

namespace moescope {

// Switch Transformers' auxiliary loss for k choices: E sum_e f_e P_e over the whole batch as one group, f_e the share
// of all assignments that go to e, P_e the mean softmax probability (Fedus et al., arXiv 2101.03961, eq. 4, with every
// choice counted as in Hugging Face's Mixtral, which has k times this value); 1 when balanced.
// Where dLogits is not empty, `scale` times the gradient is added to it. dLogits: [tokens, experts].
double topKAuxLoss(const RoutingBlock& block, double scale, std::span<float> dLogits);

} // namespace moescope
