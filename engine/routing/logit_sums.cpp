#include "engine/routing/logit_sums.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/routing/layer_summary.h"
#include "engine/routing/moe_config.h"
#include "engine/routing/scores.h"
#include "engine/routing/wide.h"

namespace moescope {

namespace {

constexpr float kMasked = -std::numeric_limits<float>::infinity();
constexpr std::int32_t kTile = 16; // tokens worked on together: their scores stay in the first-level cache

// Eight experts at a time; rows are padded to whole vectors with -inf, which adds nothing. A tile goes through three
// passes, so that the long chains of one token (largest, sum, logarithm) overlap with those of the next.
class LogitSums {
public:
    LogitSums(LayerSummary& sums, const MoeLayerInfo& layer)
        : m_sums(sums), m_layer(layer), m_experts(std::size_t(layer.moe.experts)),
          m_padded((m_experts + wide::kLanes - 1) / wide::kLanes * wide::kLanes), m_row(m_padded, kMasked),
          m_scores(m_padded * std::size_t(kTile)), m_chosen(std::size_t(layer.moe.topK)), m_probSum(m_padded),
          m_plain(layer.selectionBias.empty() && layer.moe.groupScore == GroupScore::None) {
        std::ranges::copy(sums.probSum, m_probSum.begin());
    }

    void add(const RoutingBlock& block) {
        addFastest(block);
        std::copy_n(m_probSum.begin(), m_experts, m_sums.probSum.begin());
    }

private:
#if defined(__x86_64__)
    __attribute__((target("avx2"))) void addAvx2(const RoutingBlock& block) {
        addRows(block);
    }
    __attribute__((target("avx512f,avx512vl,avx512dq"))) void addAvx512(const RoutingBlock& block) {
        addRows(block);
    }

    void addFastest(const RoutingBlock& block) {
        static const bool avx2 = __builtin_cpu_supports("avx2") != 0;
        static const bool avx512 = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
                                   __builtin_cpu_supports("avx512dq") != 0;
        avx512 ? addAvx512(block) : (avx2 ? addAvx2(block) : addRows(block));
    }
#else
    void addFastest(const RoutingBlock& block) {
        addRows(block);
    }
#endif

    [[gnu::always_inline]] inline void addRows(const RoutingBlock& block) {
        for (std::int32_t begin = 0; begin < block.tokens; begin += kTile) {
            const std::int32_t end = std::min(begin + kTile, block.tokens);
            for (std::int32_t t = begin; t < end; ++t) {
                exponentials(rowOf(block, t), std::size_t(t - begin));
            }
            takeLogarithms();
            for (std::int32_t t = begin; t < end; ++t) {
                addToken(block, t, std::size_t(t - begin));
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

    [[gnu::always_inline]] inline float largest(const float* row) const {
        wide::F8 top = wide::load<wide::F8>(row);
        for (std::size_t e = wide::kLanes; e < m_padded; e += wide::kLanes) {
            top = wide::max(wide::load<wide::F8>(row + e), top);
        }
        return wide::largestLane(top);
    }

    // Leaves e^(logit - top) in the tile's scores. The sum is NaN where a logit is.
    [[gnu::always_inline]] inline void exponentials(const float* row, std::size_t inTile) {
        const float top = largest(row);
        float* scores = m_scores.data() + inTile * m_padded;
        wide::F8 sum = wide::splat(0.0F);
        wide::I8 isNumber = sum == sum;
        for (std::size_t e = 0; e < m_padded; e += wide::kLanes) {
            const wide::F8 x = wide::load<wide::F8>(row + e) - top;
            const wide::F8 value = wide::expOfNegative(x);
            wide::store(scores + e, value);
            isNumber &= x <= 0.0F;
            sum += value;
        }
        sum = isNumber ? sum : wide::splat(std::numeric_limits<float>::quiet_NaN());
        m_top[inTile] = top;
        m_sum[inTile] = wide::sumOfLanes(sum);
    }

    [[gnu::always_inline]] inline void takeLogarithms() {
        for (std::size_t t = 0; t < m_sum.size(); t += wide::kLanes) {
            wide::store(m_log.data() + t, wide::logOf(wide::load<wide::F8>(m_sum.data() + t)));
        }
    }

    [[gnu::always_inline]] inline void addToken(const RoutingBlock& block, std::int32_t t, std::size_t inTile) {
        const float sum = m_sum[inTile];
        if (!(std::isfinite(m_top[inTile]) && std::isfinite(sum))) {
            return;
        }
        const double lse = double(m_top[inTile]) + m_log[inTile];
        m_sums.zSum += lse * lse;
        ++m_sums.tokensWithLogits;
        float* scores = m_scores.data() + inTile * m_padded;
        if (m_layer.moe.score == ScoreFunction::Sigmoid) {
            const float* row = rowOf(block, t);
            addProbs(scores, [&](std::size_t e) { return wide::sigmoid(wide::load<wide::F8>(row + e)); });
        } else {
            const float scale = 1.0F / sum;
            addProbs(scores, [&](std::size_t e) { return wide::load<wide::F8>(scores + e) * scale; });
        }
        if (m_layer.moe.topK < m_layer.moe.experts) {
            const auto k = std::size_t(block.topK);
            addMargin(scores, block.ids.data() + std::size_t(t) * k, k);
        }
    }

    template <class Prob>
    [[gnu::always_inline]] inline void addProbs(float* scores, const Prob& probAt) {
        for (std::size_t e = 0; e < m_padded; e += wide::kLanes) {
            const wide::F8 prob = probAt(e);
            wide::store(scores + e, prob);
            double* total = m_probSum.data() + e;
            wide::store(total, wide::load<wide::D8>(total) + __builtin_convertvector(prob, wide::D8));
        }
    }

    [[gnu::always_inline]] inline void addMargin(float* scores, const std::uint16_t* ids, std::size_t k) {
        if (!m_plain) {
            const std::span<float> all(scores, m_experts);
            selectionScores(m_layer, all, all);
        }
        const float margin = marginOfChosen(scores, ids, k);
        if (std::isfinite(margin)) {
            m_sums.marginSum += double(margin);
            ++m_sums.tokensWithMargin;
        }
    }

    // The weakest of the chosen minus the strongest of the others is the margin, unless another route was taken than
    // the scores' (a replay, an intervention, ranks that f16 changed): then the ranks have to be sorted out.
    [[gnu::always_inline]] inline float marginOfChosen(float* scores, const std::uint16_t* ids, std::size_t k) {
        if (k != m_chosen.size() || !takeOut(scores, ids, k)) {
            return routerMargin({scores, m_experts}, m_layer.moe.topK);
        }
        const float weakest = *std::min_element(m_chosen.begin(), m_chosen.end());
        std::fill(scores + m_experts, scores + m_padded, kMasked);
        const float strongest = largest(scores);
        if (weakest >= strongest) {
            return weakest - strongest;
        }
        putBack(scores, ids, k);
        return routerMargin({scores, m_experts}, m_layer.moe.topK);
    }

    // Moves the scores of the chosen to m_chosen; false, with nothing moved, where a slot holds no expert.
    [[gnu::always_inline]] inline bool takeOut(float* scores, const std::uint16_t* ids, std::size_t k) {
        for (std::size_t slot = 0; slot < k; ++slot) {
            if (ids[slot] >= m_experts) {
                putBack(scores, ids, slot);
                return false;
            }
            m_chosen[slot] = scores[ids[slot]];
            scores[ids[slot]] = kMasked;
        }
        return true;
    }

    void putBack(float* scores, const std::uint16_t* ids, std::size_t slots) {
        while (slots > 0) {
            --slots;
            scores[ids[slots]] = m_chosen[slots];
        }
    }

    LayerSummary& m_sums;
    const MoeLayerInfo& m_layer;
    std::size_t m_experts, m_padded;
    std::vector<float> m_row;    // [padded] a row that is not whole vectors
    std::vector<float> m_scores; // [kTile, padded]
    std::array<float, kTile> m_top{};
    std::array<float, kTile> m_sum{};
    std::array<double, kTile> m_log{};
    std::vector<float> m_chosen; // [k]
    std::vector<double> m_probSum;
    bool m_plain; // nothing but the scores decides
};

} // namespace

void addLogitSums(LayerSummary& sums, const MoeLayerInfo& layer, const RoutingBlock& block) {
    LogitSums(sums, layer).add(block);
}

} // namespace moescope
