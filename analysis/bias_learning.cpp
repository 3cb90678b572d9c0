#include "analysis/bias_learning.h"

#include <algorithm>
#include <numeric>

#include "analysis/random.h"
#include "engine/routing/topk.h"

namespace moescope {

namespace {

void shuffle(std::vector<std::uint32_t>& order, Random& random) {
    for (std::size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[random.below(std::uint32_t(i))]);
    }
}

// One layer's learning under way.
class Learner {
public:
    Learner(const MoeLayerInfo& layer, std::span<const float> logits, const BiasLearning& learning)
        : m_gate(layer), m_logits(logits), m_learning(learning), m_load(std::size_t(layer.moe.experts)) {
        m_gate.selectionBias.resize(m_load.size(), 0.0F);
        const auto tokens = std::int64_t(logits.size() / m_load.size());
        const std::int64_t batches = (tokens + learning.batchTokens - 1) / learning.batchTokens;
        const std::int64_t all = batches * passesOf(learning, tokens);
        m_every = std::max<std::int64_t>(1, (all + learning.recordedSteps - 1) / learning.recordedSteps);
    }

    void batch(std::span<const std::uint32_t> tokens) {
        const auto experts = m_load.size();
        const std::size_t slots = tokens.size() * std::size_t(m_gate.moe.topK);
        m_rows.resize(tokens.size() * experts);
        m_ids.resize(slots);
        m_weights.resize(slots);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            std::ranges::copy(m_logits.subspan(tokens[i] * experts, experts),
                              m_rows.begin() + std::ptrdiff_t(i * experts));
        }
        routeTopK(m_gate, m_rows, m_ids, m_weights);
        std::ranges::fill(m_load, 0);
        addLoad(m_ids, m_load);
        m_tokens += std::int64_t(tokens.size());
        ++m_steps;
        if ((m_steps - 1) % m_every == 0) {
            m_learnt.steps.push_back({m_steps, m_tokens, m_load});
        }
        updateCorrectionBias(m_load, m_learning.rate, m_gate.selectionBias);
    }

    std::int64_t steps() const { return m_steps; }
    LearntBias take() {
        m_learnt.bias = m_gate.selectionBias;
        return std::move(m_learnt);
    }

private:
    MoeLayerInfo m_gate;
    std::span<const float> m_logits;
    const BiasLearning& m_learning;
    std::vector<std::int64_t> m_load;
    std::vector<float> m_rows, m_weights;
    std::vector<std::uint16_t> m_ids;
    std::int64_t m_every = 1, m_steps = 0, m_tokens = 0;
    LearntBias m_learnt;
};

} // namespace

std::int32_t passesOf(const BiasLearning& learning, std::int64_t tokens) {
    if (learning.passes > 0 || tokens == 0) {
        return learning.passes;
    }
    const std::int64_t batches = (tokens + learning.batchTokens - 1) / learning.batchTokens;
    return std::int32_t((kBiasUpdates + batches - 1) / batches);
}

LearntBias learnCorrectionBias(const MoeLayerInfo& layer, std::span<const float> logits, const BiasLearning& learning,
                               const std::function<void(std::int64_t)>& batch) {
    Learner learner(layer, logits, learning);
    std::vector<std::uint32_t> order(logits.size() / std::size_t(layer.moe.experts));
    std::iota(order.begin(), order.end(), 0U);
    Random random(learning.seed);
    const std::int32_t passes = passesOf(learning, std::int64_t(order.size()));
    for (std::int32_t pass = 0; pass < passes; ++pass) {
        shuffle(order, random);
        for (std::size_t at = 0; at < order.size(); at += std::size_t(learning.batchTokens)) {
            batch(learner.steps());
            learner.batch(std::span(order).subspan(at, std::min(std::size_t(learning.batchTokens), order.size() - at)));
        }
    }
    return learner.take();
}

} // namespace moescope
