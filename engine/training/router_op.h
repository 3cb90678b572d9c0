#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/training/strategies/strategy.h"

namespace moescope {

// One layer's routing in a forward pass.
struct RoutedLayer {
    at::Tensor ids_NS;              // i64, -1 where nothing runs
    at::Tensor weights_NS;          // f32, differentiable
    std::vector<std::int64_t> load; // [experts] choices, with those that capacity dropped
    std::vector<float> importance;  // [experts] sums of the weights (Shazeer et al., arXiv 1701.06538, eq. 6)
    std::vector<double> losses;     // the strategy's
    double auxLoss = 0;             // see TrainStep
    double zLoss = 0;
};

// Routes a batch under a strategy as one autograd node: the backward pass adds the strategy's losses to what comes
// through the weights. logits, rawNoise [N, E] f32; rawNoise is undefined unless the strategy is noisy. `call` says
// layer, step, tokens and context; its spans are set here. The strategy must outlive the backward pass.
RoutedLayer routeTokens(const BalancingStrategy& strategy, RouterInput call, const at::Tensor& logits_NE,
                        const at::Tensor& rawNoise_NE);

} // namespace moescope
