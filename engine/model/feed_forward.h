#pragma once

#include "engine/model/experts.h"
#include "engine/model/weight_source.h"

namespace moescope {

// A feed-forward block that every token takes: a dense layer's, or the shared expert of a mixture, which may be
// weighted by sigmoid(score . x) (Qwen2-MoE).
class FeedForward {
public:
    static FeedForward dense(const WeightSource& weights, std::int32_t layer, const Execution& execution);
    static FeedForward shared(const WeightSource& weights, std::int32_t layer, const Execution& execution);

    std::size_t bytes() const { return m_block.bytes(); }

    // x_TD += multiplier * weight * block(normed_TD)
    void addTo(const at::Tensor& normed_TD, Workspace& workspace, const at::Tensor& x_TD) const;

private:
    FeedForward(Experts block, at::Tensor score, float multiplier, const Execution& execution);
    void weigh(const at::Tensor& normed_TD, std::vector<float>& weights) const;

    Experts m_block;
    at::Tensor m_score_D; // in the compute type; undefined: every token's weight is 1
    float m_multiplier;
    Execution m_execution;
};

} // namespace moescope
