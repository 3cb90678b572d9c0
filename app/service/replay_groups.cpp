#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "app/service/replay_strategy.h"
#include "app/service/token_chunk.h"
#include "engine/routing/base_assignment.h"
#include "engine/routing/expert_choice.h"
#include "engine/routing/scores.h"
#include "engine/routing/sinkhorn.h"
#include "engine/routing/topk.h"

namespace moescope {

namespace {

constexpr float kMasked = -std::numeric_limits<float>::infinity();

// Strategies that look at a group of tokens at once; bias and groups of the recorded gate have no say in them.
class GroupReplay : public ReplayStrategy {
public:
    explicit GroupReplay(const ReplayOptions& options) : m_options(options) {}

    std::vector<MoeLayerInfo> prepare(const ReplaySource& source) override {
        std::vector<MoeLayerInfo> gates = source.run.spec.layers;
        for (MoeLayerInfo& gate : gates) {
            checkWeighable(gate, m_options.strategy);
            gate.selectionBias.clear();
            gate.moe.groupScore = GroupScore::None;
            gate.moe.topK = m_options.topK > 0 ? m_options.topK : gate.moe.topK;
            adapt(gate.moe);
            checkGate(gate);
        }
        return gates;
    }

    void route(std::size_t layer, const MoeLayerInfo& gate, const RoutingBlock& recorded, std::span<std::uint16_t> ids,
               std::span<float> weights) final {
        const auto experts = std::size_t(gate.moe.experts);
        const auto k = std::size_t(gate.moe.topK);
        eachGroup(recorded.tokens, [&](std::size_t first, std::size_t n) {
            group(layer, gate, recorded.logits.subspan(first * experts, n * experts), ids.subspan(first * k, n * k),
                  weights.subspan(first * k, n * k));
        });
    }
    bool followsGate() const final { return false; }
    std::string description() const override {
        const std::string k = m_options.topK > 0 ? fmt::format("k = {}", m_options.topK) : "k as recorded";
        return fmt::format("{}, {}, groups of {} tokens", m_options.strategy, k, m_options.groupTokens);
    }

protected:
    virtual void adapt(MoeConfig& /*moe*/) const {}
    virtual void group(std::size_t layer, const MoeLayerInfo& gate, std::span<const float> logits,
                       std::span<std::uint16_t> ids, std::span<float> weights) = 0;

    template <class Visit>
    void eachGroup(std::int32_t tokens, const Visit& visit) const {
        for (std::int32_t first = 0; first < tokens; first += m_options.groupTokens) {
            visit(std::size_t(first), std::size_t(std::min(m_options.groupTokens, tokens - first)));
        }
    }

    const ReplayOptions m_options;
};

class SinkhornReplay final : public GroupReplay {
public:
    using GroupReplay::GroupReplay;

protected:
    void group(std::size_t /*layer*/, const MoeLayerInfo& gate, std::span<const float> logits,
               std::span<std::uint16_t> ids, std::span<float> weights) override {
        routeSinkhorn(gate, logits, {}, ids, weights);
    }
};

// The published layer weighs its one expert with the sigmoid of its score; of several the weights are divided by their
// sum where the recorded gate does so.
class BaseReplay final : public GroupReplay {
public:
    using GroupReplay::GroupReplay;

protected:
    void adapt(MoeConfig& moe) const override {
        moe.score = ScoreFunction::Sigmoid;
        moe.renormalize = moe.renormalize && moe.topK > 1;
    }
    void group(std::size_t /*layer*/, const MoeLayerInfo& gate, std::span<const float> logits,
               std::span<std::uint16_t> ids, std::span<float> weights) override {
        assignBalanced(logits, gate.moe.experts, gate.moe.topK, ids);
        weighChosen(gate, logits, ids, weights);
    }
};

// Slots: as many as the token that most experts choose, which a first pass finds.
class ExpertChoiceReplay final : public GroupReplay {
public:
    using GroupReplay::GroupReplay;

    std::vector<MoeLayerInfo> prepare(const ReplaySource& source) override {
        std::vector<MoeLayerInfo> gates = GroupReplay::prepare(source);
        for (const MoeLayerInfo& gate : gates) {
            m_topK.push_back(gate.moe.topK);
        }
        std::vector<std::int32_t> slots(gates.size(), 1);
        eachChunk(source.recording, source.recorded, {}, {.logits = true, .align = m_options.groupTokens},
                  source.progress, [&](const TokenChunk& chunk) {
                      for (std::size_t l = 0; l < gates.size(); ++l) {
                          const auto experts = std::size_t(gates[l].moe.experts);
                          eachGroup(chunk.layers[l].tokens, [&](std::size_t first, std::size_t n) {
                              const ExpertChoice choice =
                                  choose(l, gates[l], chunk.layers[l].logits.subspan(first * experts, n * experts));
                              slots[l] = std::max(slots[l], widestToken(choice, std::int64_t(n)));
                          });
                      }
                  });
        for (std::size_t l = 0; l < gates.size(); ++l) {
            gates[l].moe.topK = slots[l];
        }
        return gates;
    }

protected:
    void adapt(MoeConfig& moe) const override {
        moe.score = moe.score == ScoreFunction::Sigmoid ? moe.score : ScoreFunction::Softmax;
        moe.renormalize = false;
    }
    void group(std::size_t layer, const MoeLayerInfo& gate, std::span<const float> logits, std::span<std::uint16_t> ids,
               std::span<float> weights) override {
        byToken(choose(layer, gate, logits), gate.moe.topK, ids, weights);
        for (float& w : weights) {
            w *= gate.moe.scale;
        }
    }

private:
    ExpertChoice choose(std::size_t layer, const MoeLayerInfo& gate, std::span<const float> logits) {
        const auto experts = std::size_t(gate.moe.experts);
        const auto tokens = std::int64_t(logits.size() / experts);
        m_scores.resize(logits.size());
        for (std::size_t at = 0; at < logits.size(); at += experts) {
            const auto row = std::span(m_scores).subspan(at, experts);
            probabilities(gate.moe, logits.subspan(at, experts), row);
            for (std::size_t e = 0; e < experts; ++e) {
                row[e] = logits[at + e] == kMasked ? kMasked : row[e];
            }
        }
        const std::int32_t k = m_topK.at(layer);
        const std::int64_t capacity =
            m_options.capacity ? std::min(tokens, capacityOf(*m_options.capacity, tokens, k, gate.moe.experts))
                               : expertChoiceCapacity(tokens, k, gate.moe.experts);
        return chooseTokens(m_scores, gate.moe.experts, capacity);
    }

    std::vector<std::int32_t> m_topK; // [layers] experts for a token on average
    std::vector<float> m_scores;
};

} // namespace

std::unique_ptr<ReplayStrategy> makeGroupReplay(const ReplayOptions& options) {
    if (options.strategy == "sinkhorn") {
        return std::make_unique<SinkhornReplay>(options);
    }
    if (options.strategy == "base") {
        return std::make_unique<BaseReplay>(options);
    }
    return std::make_unique<ExpertChoiceReplay>(options);
}

} // namespace moescope
