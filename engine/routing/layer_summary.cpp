#include "engine/routing/layer_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/routing/error.h"
#include "engine/routing/moe_config.h"
#include "engine/routing/scores.h"
#include "engine/routing/wide.h"

namespace moescope {

namespace {

constexpr float kMasked = -std::numeric_limits<float>::infinity();

// One layer's logit sums, eight experts at a time; rows are padded to whole vectors with -inf, which adds nothing.
class LogitSums {
public:
    LogitSums(LayerSummary& sums, const MoeLayerInfo& layer)
        : m_sums(sums), m_layer(layer), m_experts(std::size_t(layer.moe.experts)),
          m_padded((m_experts + wide::kLanes - 1) / wide::kLanes * wide::kLanes), m_row(m_padded, kMasked),
          m_score(m_padded), m_probSum(m_padded),
          m_plain(layer.selectionBias.empty() && layer.moe.groupScore == GroupScore::None) {
        std::ranges::copy(sums.probSum, m_probSum.begin());
    }

    void add(const RoutingBlock& block) {
        addFastest(block);
        std::copy_n(m_probSum.begin(), m_experts, m_sums.probSum.begin());
    }

private:
#if defined(__x86_64__)
    __attribute__((target("avx2"))) void addWide(const RoutingBlock& block) {
        addRows(block);
    }

    void addFastest(const RoutingBlock& block) {
        static const bool avx2 = __builtin_cpu_supports("avx2") != 0;
        avx2 ? addWide(block) : addRows(block);
    }
#else
    void addFastest(const RoutingBlock& block) {
        addRows(block);
    }
#endif

    [[gnu::always_inline]] inline void addRows(const RoutingBlock& block) {
        const bool whole = m_padded == m_experts;
        for (std::int32_t t = 0; t < block.tokens; ++t) {
            const float* row = block.logitsOf(t).data();
            if (!whole) {
                std::copy_n(row, m_experts, m_row.data());
                row = m_row.data();
            }
            addToken(row, block.idsOf(t));
        }
    }

    [[gnu::always_inline]] inline void addToken(const float* row, std::span<const std::uint16_t> ids) {
        const float top = largest(row);
        const float sum = exponentials(row, top);
        if (!(std::isfinite(top) && std::isfinite(sum))) {
            return;
        }
        const double lse = double(top) + std::log(double(sum));
        m_sums.zSum += lse * lse;
        ++m_sums.tokensWithLogits;
        if (m_layer.moe.score == ScoreFunction::Sigmoid) {
            addProbs([&](std::size_t e) { return wide::sigmoid(wide::load<wide::F8>(row + e)); });
        } else {
            const float scale = 1.0F / sum;
            addProbs([&](std::size_t e) { return wide::load<wide::F8>(m_score.data() + e) * scale; });
        }
        addMargin(ids);
    }

    [[gnu::always_inline]] inline float largest(const float* row) const {
        wide::F8 top = wide::load<wide::F8>(row);
        for (std::size_t e = wide::kLanes; e < m_padded; e += wide::kLanes) {
            top = wide::max(wide::load<wide::F8>(row + e), top);
        }
        return wide::largestLane(top);
    }

    // Leaves e^(logit - top) in m_score and returns their sum.
    [[gnu::always_inline]] inline float exponentials(const float* row, float top) {
        wide::F8 sum = wide::splat(0.0F);
        for (std::size_t e = 0; e < m_padded; e += wide::kLanes) {
            const wide::F8 value = wide::expOfNegative(wide::load<wide::F8>(row + e) - top);
            wide::store(m_score.data() + e, value);
            sum += value;
        }
        return wide::sumOfLanes(sum);
    }

    template <class Prob>
    [[gnu::always_inline]] inline void addProbs(const Prob& probAt) {
        for (std::size_t e = 0; e < m_padded; e += wide::kLanes) {
            const wide::F8 prob = probAt(e);
            wide::store(m_score.data() + e, prob);
            double* total = m_probSum.data() + e;
            wide::store(total, wide::load<wide::D8>(total) + __builtin_convertvector(prob, wide::D8));
        }
    }

    [[gnu::always_inline]] inline void addMargin(std::span<const std::uint16_t> ids) {
        if (m_layer.moe.topK >= m_layer.moe.experts) {
            return;
        }
        if (!m_plain) {
            const std::span<float> scores(m_score.data(), m_experts);
            selectionScores(m_layer, scores, scores);
        }
        const float margin = marginOfChosen(ids);
        if (std::isfinite(margin)) {
            m_sums.marginSum += double(margin);
            ++m_sums.tokensWithMargin;
        }
    }

    // The weakest of the chosen minus the strongest of the others is the margin, unless another route was taken than
    // the scores' (a replay, an intervention, ranks that f16 changed): then the ranks have to be sorted out.
    [[gnu::always_inline]] inline float marginOfChosen(std::span<const std::uint16_t> ids) {
        if (ids.size() != std::size_t(m_layer.moe.topK) || !takeOut(ids)) {
            return routerMargin({m_score.data(), m_experts}, m_layer.moe.topK);
        }
        const float weakest = *std::min_element(m_chosen.begin(), m_chosen.end());
        std::fill(m_score.begin() + std::ptrdiff_t(m_experts), m_score.end(), kMasked);
        const float strongest = largest(m_score.data());
        if (weakest >= strongest) {
            return weakest - strongest;
        }
        putBack(ids, ids.size());
        return routerMargin({m_score.data(), m_experts}, m_layer.moe.topK);
    }

    // Moves the scores of the chosen to m_chosen; false, with nothing moved, where a slot holds no expert.
    [[gnu::always_inline]] inline bool takeOut(std::span<const std::uint16_t> ids) {
        m_chosen.resize(ids.size());
        for (std::size_t slot = 0; slot < ids.size(); ++slot) {
            if (ids[slot] >= m_experts) {
                putBack(ids, slot);
                return false;
            }
            m_chosen[slot] = m_score[ids[slot]];
            m_score[ids[slot]] = kMasked;
        }
        return true;
    }

    void putBack(std::span<const std::uint16_t> ids, std::size_t slots) {
        while (slots > 0) {
            --slots;
            m_score[ids[slots]] = m_chosen[slots];
        }
    }

    LayerSummary& m_sums;
    const MoeLayerInfo& m_layer;
    std::size_t m_experts, m_padded;
    std::vector<float> m_row, m_score, m_chosen;
    std::vector<double> m_probSum;
    bool m_plain; // nothing but the scores decides
};

void addRoutes(LayerSummary& sums, const RoutingBlock& block, std::span<const std::int32_t> domainOf) {
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        const auto ids = block.idsOf(t);
        const auto weights = block.weightsOf(t);
        std::int64_t* domain = nullptr;
        if (!sums.domainTokens.empty()) {
            const auto d = std::size_t(domainOf[std::size_t(t)]);
            ++sums.domainTokens[d];
            domain = sums.byDomain.data() + d * std::size_t(sums.experts);
        }
        if (!ids.empty() && ids[0] != kNoExpert) {
            ++sums.top1[ids[0]];
        }
        for (std::size_t slot = 0; slot < ids.size(); ++slot) {
            if (ids[slot] == kNoExpert) {
                continue;
            }
            ++sums.assignments[ids[slot]];
            sums.weightSum[ids[slot]] += double(weights[slot]);
            if (domain != nullptr) {
                ++domain[ids[slot]];
            }
        }
    }
    sums.tokens += block.tokens;
}

template <class T>
void addAll(std::vector<T>& into, const std::vector<T>& from) {
    for (std::size_t i = 0; i < into.size(); ++i) {
        into[i] += from[i];
    }
}

} // namespace

void LayerSummary::add(const RoutingBlock& block, const MoeLayerInfo& layerInfo,
                       std::span<const std::int32_t> domainOf) {
    addRoutes(*this, block, domainOf);
    if (!block.logits.empty()) {
        LogitSums(*this, layerInfo).add(block);
    }
}

void LayerSummary::add(const LayerSummary& other) {
    if (experts != other.experts || byDomain.size() != other.byDomain.size()) {
        throw Error(ErrorCode::InvalidArgument, "sums of layer " + std::to_string(layer.value) +
                                                    " cannot be added: they differ in experts or domains");
    }
    tokens += other.tokens;
    tokensWithLogits += other.tokensWithLogits;
    tokensWithMargin += other.tokensWithMargin;
    addAll(assignments, other.assignments);
    addAll(top1, other.top1);
    addAll(weightSum, other.weightSum);
    addAll(probSum, other.probSum);
    zSum += other.zSum;
    marginSum += other.marginSum;
    addAll(domainTokens, other.domainTokens);
    addAll(byDomain, other.byDomain);
}

LayerSummary LayerSummary::empty(const MoeLayerInfo& layerInfo, std::int32_t domains) {
    LayerSummary s;
    s.layer = layerInfo.layer;
    s.experts = layerInfo.moe.experts;
    s.topK = layerInfo.moe.topK;
    const auto n = std::size_t(s.experts);
    s.assignments.resize(n);
    s.top1.resize(n);
    s.weightSum.resize(n);
    s.probSum.resize(n);
    s.domainTokens.resize(std::size_t(domains));
    s.byDomain.resize(std::size_t(domains) * n);
    return s;
}

} // namespace moescope
