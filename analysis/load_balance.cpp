#include "analysis/load_balance.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "analysis/none.h"
#include "engine/routing/correction_bias.h"

namespace moescope {

namespace {

double giniOf(std::span<const std::int64_t> counts, double total) {
    std::vector<std::int64_t> ascending(counts.begin(), counts.end());
    std::sort(ascending.begin(), ascending.end());
    const double experts = double(counts.size());
    double sum = 0;
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        sum += (2 * double(i + 1) - experts - 1) * double(ascending[i]);
    }
    return sum / (experts * total);
}

} // namespace

double share(std::int64_t count, std::int64_t assignments) {
    return assignments == 0 ? kNone : double(count) / double(assignments);
}

double loadRatio(std::int64_t count, std::int64_t assignments, std::int32_t experts) {
    return share(count, assignments) * experts;
}

LoadBalance loadBalance(std::span<const std::int64_t> counts) {
    LoadBalance b;
    b.experts = std::int32_t(counts.size());
    b.assignments = std::accumulate(counts.begin(), counts.end(), std::int64_t(0));
    b.deadExperts = std::int32_t(std::count(counts.begin(), counts.end(), 0));
    b.busiest = std::int32_t(std::max_element(counts.begin(), counts.end()) - counts.begin());
    if (b.assignments == 0) {
        b.cv = b.maxVio = b.entropy = b.normalizedEntropy = b.effectiveExperts = b.gini = b.klUniform = kNone;
        return b;
    }
    const double total = double(b.assignments);
    const double mean = total / double(b.experts);
    double squares = 0;
    for (std::int64_t n : counts) {
        squares += (double(n) - mean) * (double(n) - mean);
        const double s = double(n) / total;
        b.entropy -= n == 0 ? 0 : s * std::log(s);
    }
    b.entropy = std::max(b.entropy, 0.0);
    const double uniform = std::log(double(b.experts));
    b.cv = std::sqrt(squares / double(b.experts)) / mean;
    b.maxVio = maxViolation(counts);
    b.normalizedEntropy = b.experts > 1 ? b.entropy / uniform : kNone;
    b.effectiveExperts = std::exp(b.entropy);
    b.gini = giniOf(counts, total);
    b.klUniform = std::max(uniform - b.entropy, 0.0);
    return b;
}

} // namespace moescope
