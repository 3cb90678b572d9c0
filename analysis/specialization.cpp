#include "analysis/specialization.h"

#include <cmath>
#include <numeric>
#include <span>

#include "analysis/none.h"

namespace moescope {

namespace {

double ratio(double a, double b) {
    return b == 0 ? kNone : a / b;
}

double sumOf(std::span<const std::int64_t> counts) {
    return double(std::accumulate(counts.begin(), counts.end(), std::int64_t(0)));
}

} // namespace

DomainAffinity domainAffinity(const LayerSummary& layer, const LayerSummary& pooled, std::int32_t domain,
                              std::int32_t expert) {
    const auto row = std::span(layer.byDomain).subspan(std::size_t(domain) * layer.experts, layer.experts);
    DomainAffinity a;
    a.assignments = row[std::size_t(expert)];
    a.share = ratio(double(a.assignments), sumOf(row));
    a.tokenShare = ratio(double(a.assignments), double(layer.domainTokens[std::size_t(domain)]));
    a.lift = ratio(a.share, ratio(double(pooled.assignments[std::size_t(expert)]), sumOf(pooled.assignments)));
    a.pmiBits = std::log2(a.lift);
    return a;
}

} // namespace moescope
