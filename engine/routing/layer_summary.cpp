#include "engine/routing/layer_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/routing/error.h"
#include "engine/routing/moe_config.h"
#include "engine/routing/scores.h"
#include "engine/routing/softmax.h"

namespace moescope {

namespace {

constexpr std::size_t kLanes = 8;
constexpr float kMasked = -std::numeric_limits<float>::infinity();

// One layer's logit sums. Rows are padded to whole vectors with -inf, which adds nothing to any sum; the loops are
// compiled for AVX2 as well, without fused multiply-add, so that every machine gets the same bits.
class LogitSums {
public:
    LogitSums(LayerSummary& sums, const MoeLayerInfo& layer)
        : m_sums(sums), m_layer(layer), m_experts(std::size_t(layer.moe.experts)),
          m_padded((m_experts + kLanes - 1) / kLanes * kLanes), m_logits(m_padded, kMasked), m_probs(m_padded),
          m_probSum(m_padded), m_plain(layer.selectionBias.empty() && layer.moe.groupScore == GroupScore::None) {
        std::ranges::copy(sums.probSum, m_probSum.begin());
    }
    ~LogitSums() { std::copy_n(m_probSum.begin(), m_experts, m_sums.probSum.begin()); }
    LogitSums(const LogitSums&) = delete;
    LogitSums& operator=(const LogitSums&) = delete;

    void add(const RoutingBlock& block) {
#if defined(__x86_64__) && defined(__GNUC__)
        static const bool wide = __builtin_cpu_supports("avx2") != 0;
        if (wide) {
            addWide(block);
            return;
        }
#endif
        addRows(block);
    }

private:
#if defined(__x86_64__) && defined(__GNUC__)
    __attribute__((target("avx2"))) void addWide(const RoutingBlock& block) {
        addRows(block);
    }
#endif

    [[gnu::always_inline]] inline void addRows(const RoutingBlock& block) {
        for (std::int32_t t = 0; t < block.tokens; ++t) {
            addToken(block.logitsOf(t).data(), block.idsOf(t));
        }
    }

    [[gnu::always_inline]] inline void addToken(const float* logits, std::span<const std::uint16_t> ids) {
        std::copy_n(logits, m_experts, m_logits.data());
        const float top = largest(m_logits.data());
        const float sum = exponentials(top);
        if (!(std::isfinite(top) && std::isfinite(sum))) {
            return;
        }
        const double lse = double(top) + std::log(double(sum));
        m_sums.zSum += lse * lse;
        ++m_sums.tokensWithLogits;
        if (m_layer.moe.score == ScoreFunction::Sigmoid) {
            for (std::size_t e = 0; e < m_padded; ++e) {
                m_probs[e] = 1.0F / (1.0F + routerExp(-m_logits[e]));
            }
        } else {
            for (std::size_t e = 0; e < m_padded; ++e) {
                m_probs[e] /= sum;
            }
        }
        for (std::size_t e = 0; e < m_padded; ++e) {
            m_probSum[e] += double(m_probs[e]);
        }
        addMargin(ids);
    }

    [[gnu::always_inline]] inline float largest(const float* values) const {
        float lanes[kLanes];
        std::fill_n(lanes, kLanes, kMasked);
        for (std::size_t e = 0; e < m_padded; e += kLanes) {
            for (std::size_t j = 0; j < kLanes; ++j) {
                lanes[j] = values[e + j] > lanes[j] ? values[e + j] : lanes[j];
            }
        }
        float top = lanes[0];
        for (float lane : lanes) {
            top = lane > top ? lane : top;
        }
        return top;
    }

    // The order of the partial sums is softmax()'s: `prob` of a view and its mean here come from the same numbers.
    [[gnu::always_inline]] inline float exponentials(float top) {
        for (std::size_t e = 0; e < m_padded; ++e) {
            m_probs[e] = routerExp(m_logits[e] - top);
        }
        float lanes[kLanes] = {};
        for (std::size_t e = 0; e < m_padded; e += kLanes) {
            for (std::size_t j = 0; j < kLanes; ++j) {
                lanes[j] += m_probs[e + j];
            }
        }
        return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    }

    // Overwrites m_probs.
    [[gnu::always_inline]] inline void addMargin(std::span<const std::uint16_t> ids) {
        if (m_layer.moe.topK >= m_layer.moe.experts) {
            return;
        }
        const std::span<float> scores(m_probs.data(), m_experts);
        if (!m_plain) {
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
        float weakest = std::numeric_limits<float>::infinity();
        bool whole = ids.size() == std::size_t(m_layer.moe.topK);
        for (std::uint16_t id : ids) {
            whole = whole && id < m_experts;
            weakest = whole ? std::min(weakest, m_probs[id]) : weakest;
        }
        if (!whole) {
            return routerMargin({m_probs.data(), m_experts}, m_layer.moe.topK);
        }
        std::copy_n(m_probs.data(), m_padded, m_logits.data());
        std::fill(m_logits.begin() + std::ptrdiff_t(m_experts), m_logits.end(), kMasked);
        for (std::uint16_t id : ids) {
            m_logits[id] = kMasked;
        }
        const float strongest = largest(m_logits.data());
        return weakest >= strongest ? weakest - strongest : routerMargin({m_probs.data(), m_experts}, m_layer.moe.topK);
    }

    LayerSummary& m_sums;
    const MoeLayerInfo& m_layer;
    std::size_t m_experts, m_padded;
    std::vector<float> m_logits, m_probs;
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
