#include "engine/model/feed_forward.h"

#include <cmath>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/inference/loops.h"
#include "engine/kernels/parallel.h"
#include "engine/model/expert_weights.h"

namespace moescope {

FeedForward::FeedForward(Experts block, at::Tensor score, float multiplier, const Execution& execution)
    : m_block(std::move(block)), m_score_D(std::move(score)), m_multiplier(multiplier), m_execution(execution) {}

FeedForward FeedForward::dense(const WeightSource& weights, std::int32_t layer, const Execution& execution) {
    Execution asDtype = execution; // no expert
    asDtype.int8Experts = false;
    return {Experts(
                1, [&](std::int32_t) { return denseBlock(weights, layer); }, asDtype),
            at::Tensor(), weights.config().residualMultiplier, asDtype};
}

FeedForward FeedForward::shared(const WeightSource& weights, std::int32_t layer, const Execution& execution) {
    at::Tensor score;
    if (weights.config().sharedScore)
        score = weights.vector(weightName(weights.config().names.sharedScore, layer), execution).to(execution.dtype);
    return {Experts(
                1, [&](std::int32_t) { return sharedExpert(weights, layer); }, execution),
            score, weights.config().residualMultiplier, execution};
}

void FeedForward::weigh(const at::Tensor& normed_TD, std::vector<float>& weights) const {
    if (!m_execution.ownKernels) {
        const at::Tensor score_T = normed_TD.matmul(m_score_D).to(at::kFloat).sigmoid() * double(m_multiplier);
        at::from_blob(weights.data(), {normed_TD.size(0)}, at::kFloat).copy_(score_T);
        return;
    }
    const std::int64_t width = normed_TD.size(1);
    withElement(normed_TD.scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        parallelFor(normed_TD.size(0), 64, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t t = begin; t < end; ++t) {
                const float score =
                    inferenceLoops<T>().dot(width, dataOf<T>(normed_TD) + t * width, dataOf<T>(m_score_D));
                weights[std::size_t(t)] = m_multiplier / (1.0F + std::exp(-score));
            }
        });
    });
}

void FeedForward::addTo(const at::Tensor& normed_TD, Workspace& workspace, const at::Tensor& x_TD) const {
    BatchRouting all; // every token to the one block
    all.resize(normed_TD.size(0), 1, 1);
    std::fill(all.ids.begin(), all.ids.end(), std::uint16_t(0));
    std::fill(all.weights.begin(), all.weights.end(), m_multiplier);
    if (m_score_D.defined())
        weigh(normed_TD, all.weights);
    m_block.addTo(normed_TD, all, workspace, x_TD);
}

} // namespace moescope
