#include "analysis/margins.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "analysis/none.h"
#include "engine/routing/scores.h"

namespace moescope {

namespace {

float marginOf(const MoeLayerInfo& layer, std::span<const float> logits, std::span<float> scratch) {
    probabilities(layer.moe, logits, scratch);
    selectionScores(layer, scratch, scratch);
    return routerMargin(scratch, layer.moe.topK);
}

} // namespace

float tokenMargin(const MoeLayerInfo& layer, std::span<const float> logits) {
    std::vector<float> scratch(logits.size());
    return marginOf(layer, logits, scratch);
}

void MarginHistogram::add(const MoeLayerInfo& layer, const RoutingBlock& block) {
    std::vector<float> scratch(static_cast<std::size_t>(block.experts));
    for (std::int32_t t = 0; t < block.tokens && !block.logits.empty(); ++t) {
        const float margin = marginOf(layer, block.logitsOf(t), scratch);
        if (std::isfinite(margin)) {
            ++m_bins[std::min(std::size_t(std::max(margin, 0.0F) * float(kBins)), kBins - 1)];
            ++m_tokens;
            m_sum += double(margin);
        }
    }
}

void MarginHistogram::add(const MarginHistogram& other) {
    std::transform(m_bins.begin(), m_bins.end(), other.m_bins.begin(), m_bins.begin(), std::plus<>());
    m_tokens += other.m_tokens;
    m_sum += other.m_sum;
}

double MarginHistogram::mean() const {
    return m_tokens == 0 ? kNone : m_sum / double(m_tokens);
}

double MarginHistogram::quantile(double q) const {
    std::int64_t below = 0;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
        const double wanted = q * double(m_tokens) - double(below);
        if (m_bins[bin] > 0 && wanted <= double(m_bins[bin])) {
            return (double(bin) + wanted / double(m_bins[bin])) / double(kBins);
        }
        below += m_bins[bin];
    }
    return kNone;
}

} // namespace moescope
