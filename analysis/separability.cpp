#include "analysis/separability.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "analysis/none.h"
#include "analysis/random.h"

namespace moescope {

namespace {

using Distribution = std::vector<double>;

double termOf(double p) {
    return p > 0 ? p * std::log2(p) : 0;
}

struct Domain {
    Distribution p, terms; // p log2 p, which every pair with it needs
};

// H((p+q)/2) - (H(p) + H(q)) / 2
double jensenShannonBits(const Domain& a, const Domain& b) {
    double divergence = 0;
    for (std::size_t e = 0; e < a.p.size(); ++e) {
        divergence += (a.terms[e] + b.terms[e]) / 2 - termOf((a.p[e] + b.p[e]) / 2);
    }
    return std::max(divergence, 0.0);
}

} // namespace

double domainSeparability(std::span<const std::int64_t> counts, std::int32_t experts) {
    std::vector<Domain> domains;
    for (std::size_t at = 0; at < counts.size(); at += std::size_t(experts)) {
        const auto row = counts.subspan(at, std::size_t(experts));
        const double total = double(std::accumulate(row.begin(), row.end(), std::int64_t(0)));
        if (total > 0) {
            Domain& domain = domains.emplace_back();
            for (const std::int64_t count : row) {
                domain.p.push_back(double(count) / total);
                domain.terms.push_back(termOf(domain.p.back()));
            }
        }
    }
    double sum = 0;
    std::size_t pairs = 0;
    for (std::size_t a = 0; a < domains.size(); ++a) {
        for (std::size_t b = a + 1; b < domains.size(); ++b, ++pairs) {
            sum += jensenShannonBits(domains[a], domains[b]);
        }
    }
    return pairs == 0 ? kNone : sum / double(pairs);
}

SeparabilityNull permutedSeparability(const SegmentCounts& windows, std::span<const std::int32_t> domainOf,
                                      std::int32_t domains, int permutations, std::uint64_t seed) {
    Random random(seed);
    std::vector<std::int32_t> labels(domainOf.begin(), domainOf.end());
    std::vector<double> values;
    std::vector<std::int64_t> counts;
    for (int i = 0; i < permutations; ++i) {
        for (std::size_t w = labels.size(); w > 1; --w) {
            std::swap(labels[w - 1], labels[random.below(std::uint32_t(w))]);
        }
        counts.assign(std::size_t(domains) * std::size_t(windows.experts()), 0);
        for (std::size_t w = 0; w < labels.size(); ++w) {
            std::int64_t* const row = counts.data() + std::size_t(labels[w]) * std::size_t(windows.experts());
            const auto window = windows.counts(w);
            for (std::size_t e = 0; e < window.size(); ++e) {
                row[e] += window[e];
            }
        }
        values.push_back(domainSeparability(counts, windows.experts()));
    }
    if (values.empty()) {
        return {kNone, kNone};
    }
    std::sort(values.begin(), values.end());
    return {std::accumulate(values.begin(), values.end(), 0.0) / double(values.size()),
            values[std::size_t(std::lround(0.975 * double(values.size() - 1)))]};
}

} // namespace moescope
