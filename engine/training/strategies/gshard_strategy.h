#pragma once

#include "engine/training/strategies/topk_strategy.h"

namespace moescope {

// GShard's top-2 gating (arXiv 2006.16668, algorithm 1): its loss, a capacity, and a second expert that gets the token
// with a chance of twice its weight. Loads and losses count both choices; only what is dispatched takes a place.
class GshardStrategy : public TopKStrategy {
public:
    GshardStrategy(const MoeConfig& gate, LossTerm loss, const CapacityOptions& capacity, std::uint64_t seed)
        : TopKStrategy(gate, {std::move(loss)}, capacity), m_seed(seed) {}

protected:
    void dispatch(const RouterInput& input, RouterOutput& output) const override;

private:
    std::uint64_t m_seed;
};

} // namespace moescope
