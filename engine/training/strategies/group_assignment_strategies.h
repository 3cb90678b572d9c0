#pragma once

#include "engine/training/strategies/topk_strategy.h"

namespace moescope {

// Strategies that choose over the whole batch at once in training, and by plain top-k when the model is used: a token
// cannot wait for later ones. The gate weighs the chosen experts.

// Sinkhorn routing (Clark et al., arXiv 2202.01169): the k largest of the plan that spreads the batch evenly.
class SinkhornStrategy : public TopKStrategy {
public:
    explicit SinkhornStrategy(const MoeConfig& gate) : TopKStrategy(gate, {}) {}

protected:
    void choose(const RouterInput& input, RouterOutput& output) const override;
};

// BASE layers (Lewis et al., arXiv 2103.16716): the even assignment of largest total score.
class BaseStrategy : public TopKStrategy {
public:
    explicit BaseStrategy(const MoeConfig& gate) : TopKStrategy(gate, {}) {}

protected:
    void choose(const RouterInput& input, RouterOutput& output) const override;
};

} // namespace moescope
