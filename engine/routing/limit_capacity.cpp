#include "engine/routing/limit_capacity.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/routing/error.h"
#include "engine/routing/masked.h"
#include "engine/routing/scores.h"

namespace moescope {

namespace {

// One layer's groups with the scratch of one call.
class Limiter {
public:
    Limiter(const MoeLayerInfo& layer, const CapacityOptions& options, OverflowCounts& counts)
        : m_layer(layer), m_options(options), m_counts(counts) {}

    void group(std::span<const float> logits, std::span<std::uint16_t> ids, std::span<float> weights) {
        const auto k = std::size_t(m_layer.moe.topK);
        const auto tokens = std::int64_t(ids.size() / k);
        score(logits, ids);
        m_served.resize(ids.size());
        const std::int64_t capacity = capacityOf(m_options, tokens, m_layer.moe.topK, m_layer.moe.experts);
        serveGroup({m_layer.moe.topK, m_layer.moe.experts, ids, m_probs, m_choice}, m_options.policy, capacity,
                   m_served);
        m_counts.add(ids, m_served);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            weights[i] = weightOf(i, ids[i], weights[i]);
            ids[i] = m_served[i];
        }
        for (std::size_t t = 0; t < ids.size(); t += k) {
            order(ids.subspan(t, k), weights.subspan(t, k));
        }
    }

private:
    // What the policy compares: nothing, each choice's prob, or every expert's selection score.
    void score(std::span<const float> logits, std::span<const std::uint16_t> ids) {
        m_probs.clear();
        m_choice.clear();
        if (m_options.policy == OverflowPolicy::Drop) {
            return;
        }
        const auto experts = std::size_t(m_layer.moe.experts);
        const auto k = std::size_t(m_layer.moe.topK);
        m_all.resize(logits.size());
        for (std::size_t at = 0; at < logits.size(); at += experts) {
            probabilities(m_layer.moe, logits.subspan(at, experts), std::span(m_all).subspan(at, experts));
        }
        if (m_options.policy != OverflowPolicy::Next) {
            for (std::size_t i = 0; i < ids.size(); ++i) {
                m_probs.push_back(ids[i] == kNoExpert ? 0.0F : m_all[i / k * experts + ids[i]]);
            }
            return;
        }
        m_choice = m_all;
        for (std::size_t at = 0; at < logits.size(); at += experts) {
            const auto row = std::span(m_choice).subspan(at, experts);
            selectionScores(m_layer, row, row);
            for (std::size_t e = 0; e < experts; ++e) {
                row[e] = logits[at + e] == kMasked ? kMasked : row[e]; // an expert that is out serves nobody
            }
        }
    }

    float weightOf(std::size_t slot, std::uint16_t chosen, float weight) const {
        const std::uint16_t served = m_served[slot];
        if (served == kNoExpert || served == chosen) {
            return served == kNoExpert ? 0.0F : weight;
        }
        const std::size_t row = slot / std::size_t(m_layer.moe.topK) * std::size_t(m_layer.moe.experts);
        const float was = m_all[row + chosen];
        return was > 0.0F ? weight * (m_all[row + served] / was) : 0.0F;
    }

    // By weight, the strongest first; equal ones keep their order; empty slots last.
    static void order(std::span<std::uint16_t> ids, std::span<float> weights) {
        for (std::size_t i = 1; i < ids.size(); ++i) {
            for (std::size_t j = i; j > 0 && ids[j] != kNoExpert; --j) {
                if (ids[j - 1] != kNoExpert && weights[j - 1] >= weights[j]) {
                    break;
                }
                std::swap(ids[j], ids[j - 1]);
                std::swap(weights[j], weights[j - 1]);
            }
        }
    }

    const MoeLayerInfo& m_layer;
    const CapacityOptions& m_options;
    OverflowCounts& m_counts;
    std::vector<float> m_all, m_probs, m_choice;
    std::vector<std::uint16_t> m_served;
};

} // namespace

void limitToCapacity(const MoeLayerInfo& layer, const CapacityOptions& options, std::span<const float> logits,
                     std::span<std::uint16_t> ids, std::span<float> weights, OverflowCounts& counts) {
    checkCapacity(options);
    const auto k = std::size_t(layer.moe.topK);
    const auto experts = std::size_t(layer.moe.experts);
    const std::size_t tokens = ids.size() / k;
    if (options.policy != OverflowPolicy::Drop && logits.size() != tokens * experts) {
        throw Error(ErrorCode::Unsupported,
                    "overflow policy " + std::string(nameOf(options.policy)) + " needs router logits; drop does not");
    }
    Limiter limiter(layer, options, counts);
    const auto size = std::size_t(options.groupTokens);
    for (std::size_t first = 0; first < tokens; first += size) {
        const std::size_t n = std::min(size, tokens - first);
        limiter.group(logits.empty() ? logits : logits.subspan(first * experts, n * experts),
                      ids.subspan(first * k, n * k), weights.subspan(first * k, n * k));
    }
}

} // namespace moescope
