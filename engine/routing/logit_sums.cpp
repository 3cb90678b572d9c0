#include "engine/routing/logit_sums.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "engine/routing/layer_summary.h"
#include "engine/routing/masked.h"
#include "engine/routing/moe_config.h"
#include "engine/routing/scores.h"
#include "engine/routing/wide.h"

namespace moescope {

namespace {

constexpr std::int32_t kTile = 16; // tokens worked on together: their scores stay in the first-level cache

// Eight or sixteen experts at a time; rows are padded to whole vectors with -inf, which adds nothing. A tile goes
// through passes, each over all its tokens, so that the long chains of one token (largest, sum, logarithm) overlap with
// those of the next, and nothing is read as a vector right after a part of it was written.
class LogitSums {
public:
    LogitSums(LayerSummary& sums, const MoeLayerInfo& layer)
        : m_sums(sums), m_layer(layer), m_experts(std::size_t(layer.moe.experts)),
          m_padded((m_experts + wide::kLanes - 1) / wide::kLanes * wide::kLanes), m_row(m_padded, kMasked),
          m_scores(m_padded * std::size_t(kTile)), m_k(std::size_t(layer.moe.topK)), m_chosen(m_k * std::size_t(kTile)),
          m_probSum(m_padded), m_plain(layer.selectionBias.empty() && layer.moe.groupScore == GroupScore::None) {
        std::ranges::copy(sums.probSum, m_probSum.begin());
    }

    void add(const RoutingBlock& block) {
        addFastest(block);
        std::copy_n(m_probSum.begin(), m_experts, m_sums.probSum.begin());
    }

private:
#if defined(__x86_64__)
    __attribute__((target("avx2"))) void addAvx2(const RoutingBlock& block) {
        addRows<wide::F8>(block);
    }
    __attribute__((target("avx512f,avx512vl,avx512dq"))) void addAvx512(const RoutingBlock& block) {
        addRows<wide::F16>(block);
    }

    void addFastest(const RoutingBlock& block) {
        static const bool avx2 = __builtin_cpu_supports("avx2") != 0;
        static const bool avx512 = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
                                   __builtin_cpu_supports("avx512dq") != 0;
        avx512 ? addAvx512(block) : (avx2 ? addAvx2(block) : addRows<wide::F8>(block));
    }
#else
    void addFastest(const RoutingBlock& block) {
        addRows<wide::F8>(block);
    }
#endif

    template <class Widest>
    [[gnu::always_inline]] inline void addRows(const RoutingBlock& block) {
        for (std::int32_t begin = 0; begin < block.tokens; begin += kTile) {
            const auto tokens = std::size_t(std::min(kTile, block.tokens - begin));
            for (std::size_t t = 0; t < tokens; ++t) {
                exponentials<Widest>(rowOf(block, begin + std::int32_t(t)), t);
            }
            takeLogarithms();
            for (std::size_t t = 0; t < tokens; ++t) {
                addLogSumExp(block, begin + std::int32_t(t), t);
            }
            addProbs(tokens);
            if (m_layer.moe.topK < m_layer.moe.experts) {
                addMargins(block, begin, tokens);
            }
        }
    }

    [[gnu::always_inline]] inline const float* rowOf(const RoutingBlock& block, std::int32_t t) {
        const float* row = block.logits.data() + std::size_t(t) * m_experts;
        if (m_padded == m_experts) {
            return row;
        }
        std::copy_n(row, m_experts, m_row.data());
        return m_row.data();
    }

    [[gnu::always_inline]] inline float* scoresOf(std::size_t t) {
        return m_scores.data() + t * m_padded;
    }

    // Four chains of comparisons instead of one.
    [[gnu::always_inline]] inline float largest(const float* row) const {
        wide::F8 top = wide::load<wide::F8>(row);
        std::size_t e = wide::kLanes;
        if (m_padded >= 8 * wide::kLanes) {
            std::array<wide::F8, 4> tops{top, top, top, top};
            for (; e + 4 * wide::kLanes <= m_padded; e += 4 * wide::kLanes) {
                for (std::size_t i = 0; i < tops.size(); ++i) {
                    tops[i] = wide::max(wide::load<wide::F8>(row + e + i * wide::kLanes), tops[i]);
                }
            }
            top = wide::max(wide::max(tops[0], tops[1]), wide::max(tops[2], tops[3]));
        }
        for (; e < m_padded; e += wide::kLanes) {
            top = wide::max(wide::load<wide::F8>(row + e), top);
        }
        return wide::largestLane(top);
    }

    // Leaves e^(logit - top) in the tile's scores. The sum, lane by lane in the order of experts, is NaN where a logit
    // is.
    template <class Widest>
    [[gnu::always_inline]] inline void exponentials(const float* row, std::size_t t) {
        const float top = largest(row);
        float* scores = scoresOf(t);
        wide::F8 sum{};
        std::size_t e = 0;
        bool areNumbers = true;
        if constexpr (std::is_same_v<Widest, wide::F16>) {
            wide::I16 isNumber = wide::F16{} == wide::F16{};
            for (; e + 2 * wide::kLanes <= m_padded; e += 2 * wide::kLanes) {
                const wide::F16 x = wide::load<wide::F16>(row + e) - top;
                const wide::F16 value = wide::expOfNegative(x);
                wide::store(scores + e, value);
                isNumber &= x <= 0.0F;
                sum += wide::lowHalf<wide::F8>(value);
                sum += wide::highHalf<wide::F8>(value);
            }
            areNumbers = allTrue(wide::lowHalf<wide::I8>(isNumber) & wide::highHalf<wide::I8>(isNumber));
        }
        wide::I8 isNumber = sum == sum;
        for (; e < m_padded; e += wide::kLanes) {
            const wide::F8 x = wide::load<wide::F8>(row + e) - top;
            const wide::F8 value = wide::expOfNegative(x);
            wide::store(scores + e, value);
            isNumber &= x <= 0.0F;
            sum += value;
        }
        m_top[t] = top;
        m_sum[t] = areNumbers && allTrue(isNumber) ? wide::sumOfLanes(sum) : std::numeric_limits<float>::quiet_NaN();
    }

    [[gnu::always_inline]] static inline bool allTrue(const wide::I8& lanes) {
        const wide::I8 four = lanes & __builtin_shuffle(lanes, wide::I8{4, 5, 6, 7, 0, 1, 2, 3});
        const wide::I8 two = four & __builtin_shuffle(four, wide::I8{2, 3, 0, 1, 6, 7, 4, 5});
        return (two[0] & two[1]) != 0;
    }

    [[gnu::always_inline]] inline void takeLogarithms() {
        for (std::size_t t = 0; t < m_sum.size(); t += wide::kLanes) {
            wide::store(m_log.data() + t, wide::logOf(wide::load<wide::F8>(m_sum.data() + t)));
        }
    }

    // Sets what turns the token's scores into probs; scores of a token that counts as one without logits become zero.
    [[gnu::always_inline]] inline void addLogSumExp(const RoutingBlock& block, std::int32_t token, std::size_t t) {
        m_isCounted[t] = std::isfinite(m_top[t]) && std::isfinite(m_sum[t]);
        m_scale[t] = 1.0F / m_sum[t];
        if (!m_isCounted[t]) {
            std::fill_n(scoresOf(t), m_padded, 0.0F);
            m_scale[t] = 0;
            return;
        }
        const double lse = double(m_top[t]) + m_log[t];
        m_sums.zSum += lse * lse;
        ++m_sums.tokensWithLogits;
        if (m_layer.moe.score == ScoreFunction::Sigmoid) {
            const float* row = rowOf(block, token);
            float* scores = scoresOf(t);
            for (std::size_t e = 0; e < m_padded; e += wide::kLanes) {
                wide::store(scores + e, wide::sigmoid(wide::load<wide::F8>(row + e)));
            }
            m_scale[t] = 1;
        }
    }

    [[gnu::always_inline]] inline void addProbs(std::size_t tokens) {
        for (std::size_t e = 0; e < m_padded; e += wide::kLanes) {
            wide::D8 total = wide::load<wide::D8>(m_probSum.data() + e);
            for (std::size_t t = 0; t < tokens; ++t) {
                const wide::F8 prob = wide::load<wide::F8>(scoresOf(t) + e) * m_scale[t];
                total += __builtin_convertvector(prob, wide::D8);
            }
            wide::store(m_probSum.data() + e, total);
        }
    }

    // The weakest of the chosen minus the strongest of the others is the margin, unless another route was taken than
    // the scores' (a replay, an intervention, ranks that f16 changed): then the ranks have to be sorted out. Scores are
    // compared before they are scaled: what is larger stays so.
    [[gnu::always_inline]] inline void addMargins(const RoutingBlock& block, std::int32_t begin, std::size_t tokens) {
        const std::uint16_t* ids = block.ids.data() + std::size_t(begin) * std::size_t(block.topK);
        for (std::size_t t = 0; t < tokens && !m_plain; ++t) {
            choose(t);
        }
        const bool isWhole = std::size_t(block.topK) == m_k;
        for (std::size_t t = 0; t < tokens; ++t) {
            m_isTakenOut[t] = isWhole && m_isCounted[t] && takeOut(t, ids + t * m_k);
        }
        for (std::size_t t = 0; t < tokens; ++t) {
            m_top[t] = largest(scoresOf(t));
        }
        for (std::size_t t = 0; t < tokens; ++t) {
            const float* chosen = m_chosen.data() + t * m_k;
            const float weakest = *std::min_element(chosen, chosen + m_k);
            if (m_isTakenOut[t] && weakest >= m_top[t]) {
                addMargin(weakest * m_scale[t] - m_top[t] * m_scale[t]);
            } else if (m_isCounted[t]) {
                addSortedMargin(t, m_isTakenOut[t] ? ids + t * m_k : nullptr);
            }
        }
    }

    // Turns scores into those that experts are chosen by.
    void choose(std::size_t t) {
        scale(t);
        const std::span<float> all(scoresOf(t), m_experts);
        selectionScores(m_layer, all, all);
    }

    void scale(std::size_t t) {
        for (std::size_t e = 0; e < m_experts; ++e) {
            scoresOf(t)[e] *= m_scale[t];
        }
        m_scale[t] = 1;
    }

    // Moves the scores of the chosen to m_chosen; false, with nothing moved, where a slot holds no expert.
    [[gnu::always_inline]] inline bool takeOut(std::size_t t, const std::uint16_t* ids) {
        float* scores = scoresOf(t);
        for (std::size_t slot = 0; slot < m_k; ++slot) {
            if (ids[slot] >= m_experts) {
                putBack(t, ids, slot);
                return false;
            }
            m_chosen[t * m_k + slot] = scores[ids[slot]];
            scores[ids[slot]] = kMasked;
        }
        std::fill(scores + m_experts, scores + m_padded, kMasked);
        return true;
    }

    void putBack(std::size_t t, const std::uint16_t* ids, std::size_t slots) {
        while (slots > 0) {
            --slots;
            scoresOf(t)[ids[slots]] = m_chosen[t * m_k + slots];
        }
    }

    // takenOut: the chosen whose scores have been moved; null: none.
    void addSortedMargin(std::size_t t, const std::uint16_t* takenOut) {
        putBack(t, takenOut, takenOut == nullptr ? 0 : m_k);
        scale(t);
        addMargin(routerMargin({scoresOf(t), m_experts}, m_layer.moe.topK));
    }

    [[gnu::always_inline]] inline void addMargin(float margin) {
        if (std::isfinite(margin)) {
            m_sums.marginSum += double(margin);
            ++m_sums.tokensWithMargin;
        }
    }

    LayerSummary& m_sums;
    const MoeLayerInfo& m_layer;
    std::size_t m_experts, m_padded;
    std::vector<float> m_row;    // [padded] a row that is not whole vectors
    std::vector<float> m_scores; // [kTile, padded]
    std::array<float, kTile> m_top{};
    std::array<float, kTile> m_sum{};
    std::array<float, kTile> m_scale{};
    std::array<double, kTile> m_log{};
    std::array<bool, kTile> m_isCounted{}, m_isTakenOut{};
    std::size_t m_k;
    std::vector<float> m_chosen; // [kTile, k]
    std::vector<double> m_probSum;
    bool m_plain; // nothing but the scores decides
};

} // namespace

void addLogitSums(LayerSummary& sums, const MoeLayerInfo& layer, const RoutingBlock& block) {
    LogitSums(sums, layer).add(block);
}

} // namespace moescope
