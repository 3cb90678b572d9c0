#include "engine/routing/topk.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/routing/error.h"
#include "engine/routing/group_limited.h"
#include "engine/routing/masked.h"
#include "engine/routing/softmax.h"
#include "engine/routing/take_largest.h"

namespace moescope {

namespace {

[[noreturn]] void badGate(const MoeLayerInfo& layer, const std::string& what) {
    throw Error(ErrorCode::InvalidArgument, "layer " + std::to_string(layer.layer.value) + ": " + what);
}

void checkLogits(LayerId layer, TokenIndex token, std::span<const float> logits) {
    bool good = true;
    for (float l : logits) {
        good &= l <= std::numeric_limits<float>::max(); // false for NaN and +inf
    }
    if (good) {
        return;
    }
    std::size_t e = 0;
    while (logits[e] <= std::numeric_limits<float>::max()) {
        ++e;
    }
    throw Error(ErrorCode::InvalidArgument, "router logit of layer " + std::to_string(layer.value) + ", token " +
                                                std::to_string(token) + ", expert " + std::to_string(e) + " is " +
                                                (std::isnan(logits[e]) ? "NaN" : "infinite") +
                                                ": check the model's weights and the compute type");
}

std::size_t tokensOf(const MoeLayerInfo& layer, std::span<const float> logits, std::span<const std::uint16_t> ids,
                     std::span<const float> weights) {
    const auto experts = std::size_t(layer.moe.experts);
    const auto k = std::size_t(layer.moe.topK);
    const std::size_t tokens = logits.size() / experts;
    if (tokens * experts != logits.size() || ids.size() != tokens * k || weights.size() != tokens * k) {
        badGate(layer, "router logits, ids and weights differ in their number of tokens");
    }
    return tokens;
}

// One layer's gate with the scratch of one call.
class Gate {
public:
    explicit Gate(const MoeLayerInfo& layer) : m_layer(layer), m_moe(layer.moe) {
        m_score.resize(std::size_t(m_moe.experts));
        m_choice.resize(std::size_t(m_moe.experts));
        m_best.resize(std::size_t(m_moe.topK));
    }

    void route(std::span<const float> logits, std::span<std::uint16_t> ids, std::span<float> weights) {
        if (m_moe.score == ScoreFunction::SparseMixer) {
            sparseMixer(logits, ids, weights);
            return;
        }
        score(logits);
        makeChoice(logits);
        maskLosingGroups(m_moe, m_choice);
        takeLargest(m_choice, ids, m_best);
        weigh(logits, ids, weights);
        if (!m_layer.selectionBias.empty()) {
            orderByWeight(ids, weights);
        }
    }

    void weighOnly(std::span<const float> logits, std::span<std::uint16_t> ids, std::span<float> weights) {
        score(logits);
        weigh(logits, ids, weights);
        orderByWeight(ids, weights);
    }

private:
    void score(std::span<const float> logits) {
        if (m_moe.score == ScoreFunction::Sigmoid) {
            sigmoid(logits, m_score);
        } else if (m_moe.score == ScoreFunction::Softmax) {
            if (std::all_of(logits.begin(), logits.end(), [](float l) { return l == kMasked; })) {
                std::fill(m_score.begin(), m_score.end(), 0.0F);
            } else {
                softmax(logits, m_score);
            }
        }
    }

    void makeChoice(std::span<const float> logits) {
        const bool biased = !m_layer.selectionBias.empty();
        const bool summed = m_moe.groupScore == GroupScore::TopTwoSum;
        if (m_moe.score == ScoreFunction::SoftmaxOverChosen || (!biased && !summed)) {
            std::copy(logits.begin(), logits.end(), m_choice.begin());
        } else {
            std::copy(m_score.begin(), m_score.end(), m_choice.begin());
        }
        for (std::size_t e = 0; biased && e < m_choice.size(); ++e) {
            m_choice[e] += m_layer.selectionBias[e];
        }
        for (std::size_t e = 0; e < m_choice.size(); ++e) {
            m_choice[e] = logits[e] == kMasked ? kMasked : m_choice[e];
        }
    }

    static float largestChosen(std::span<const float> logits, std::span<const std::uint16_t> ids) {
        float top = kMasked;
        for (std::uint16_t e : ids) {
            top = e == kNoExpert ? top : std::max(top, logits[e]);
        }
        return top;
    }

    void weigh(std::span<const float> logits, std::span<const std::uint16_t> ids, std::span<float> weights) const {
        const bool overChosen = m_moe.score == ScoreFunction::SoftmaxOverChosen;
        const float top = overChosen ? largestChosen(logits, ids) : 0.0F;
        float sum = 0.0F;
        for (std::size_t slot = 0; slot < ids.size(); ++slot) {
            const std::uint16_t e = ids[slot];
            if (e == kNoExpert) {
                weights[slot] = 0.0F;
                continue;
            }
            weights[slot] = overChosen ? routerExp(logits[e] - top) : m_score[e];
            sum += weights[slot];
        }
        const bool divide = (overChosen || m_moe.renormalize) && sum > 0.0F;
        for (float& w : weights) {
            w = (divide ? w / sum : w) * m_moe.scale;
        }
    }

    // The bias decides who is chosen, not how strong: slots go by weight.
    static void orderByWeight(std::span<std::uint16_t> ids, std::span<float> weights) {
        for (std::size_t i = 1; i < ids.size(); ++i) {
            for (std::size_t j = i; j > 0; --j) {
                const bool stronger = weights[j] > weights[j - 1];
                const bool tied = weights[j] == weights[j - 1] && ids[j] < ids[j - 1];
                if (ids[j] == kNoExpert || !(stronger || tied)) {
                    break;
                }
                std::swap(ids[j], ids[j - 1]);
                std::swap(weights[j], weights[j - 1]);
            }
        }
    }

    void sparseMixer(std::span<const float> logits, std::span<std::uint16_t> ids, std::span<float> weights) {
        std::copy(logits.begin(), logits.end(), m_choice.begin());
        for (std::size_t slot = 0; slot < ids.size(); ++slot) {
            const auto best = std::max_element(m_choice.begin(), m_choice.end());
            const float top = *best;
            if (top == kMasked) {
                ids[slot] = kNoExpert;
                weights[slot] = 0.0F;
                continue;
            }
            float sum = 0.0F;
            for (float l : m_choice) {
                const bool far = (top - l) / std::max(std::fabs(l), top) > 2 * m_moe.jitter;
                sum += l == kMasked || far ? 0.0F : routerExp(l - top);
            }
            ids[slot] = std::uint16_t(best - m_choice.begin());
            weights[slot] = 1.0F / sum * m_moe.scale;
            *best = kMasked;
        }
    }

    const MoeLayerInfo& m_layer;
    const MoeConfig& m_moe;
    std::vector<float> m_score, m_choice, m_best;
};

} // namespace

void checkGate(const MoeLayerInfo& layer) {
    const MoeConfig& moe = layer.moe;
    if (moe.experts < 1 || moe.experts >= kNoExpert) {
        badGate(layer, std::to_string(moe.experts) + " experts; 1 to 65534 can be routed to");
    }
    if (moe.topK < 1 || moe.topK > moe.experts) {
        badGate(layer, "top-k " + std::to_string(moe.topK) + " of " + std::to_string(moe.experts) +
                           " experts; k must be 1 to the number of experts");
    }
    if (!layer.selectionBias.empty() && layer.selectionBias.size() != std::size_t(moe.experts)) {
        badGate(layer, std::to_string(layer.selectionBias.size()) + " selection biases for " +
                           std::to_string(moe.experts) + " experts");
    }
    if (moe.groupScore == GroupScore::None) {
        return;
    }
    if (moe.groups < 1 || moe.experts % moe.groups != 0 || moe.topkGroups < 1 || moe.topkGroups > moe.groups) {
        badGate(layer, "the best " + std::to_string(moe.topkGroups) + " of " + std::to_string(moe.groups) +
                           " groups over " + std::to_string(moe.experts) + " experts: groups must be of one size");
    }
    if (moe.topK > moe.topkGroups * (moe.experts / moe.groups)) {
        badGate(layer, "top-k " + std::to_string(moe.topK) + " is more than " + std::to_string(moe.topkGroups) +
                           " groups hold");
    }
}

void routeTopK(const MoeLayerInfo& layer, std::span<const float> logits, std::span<std::uint16_t> ids,
               std::span<float> weights, TokenIndex first) {
    checkGate(layer);
    const std::size_t tokens = tokensOf(layer, logits, ids, weights);
    const auto experts = std::size_t(layer.moe.experts);
    const auto k = std::size_t(layer.moe.topK);
    Gate gate(layer);
    for (std::size_t t = 0; t < tokens; ++t) {
        const auto row = logits.subspan(t * experts, experts);
        checkLogits(layer.layer, first + TokenIndex(t), row);
        gate.route(row, ids.subspan(t * k, k), weights.subspan(t * k, k));
    }
}

void weighChosen(const MoeLayerInfo& layer, std::span<const float> logits, std::span<std::uint16_t> ids,
                 std::span<float> weights) {
    checkGate(layer);
    if (layer.moe.score == ScoreFunction::SparseMixer) {
        badGate(layer, "SparseMixer weighs only the experts that it takes itself, one after the other");
    }
    const std::size_t tokens = tokensOf(layer, logits, ids, weights);
    const auto experts = std::size_t(layer.moe.experts);
    const auto k = std::size_t(layer.moe.topK);
    Gate gate(layer);
    for (std::size_t t = 0; t < tokens; ++t) {
        gate.weighOnly(logits.subspan(t * experts, experts), ids.subspan(t * k, k), weights.subspan(t * k, k));
    }
}

} // namespace moescope
