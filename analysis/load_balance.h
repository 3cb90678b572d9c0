#pragma once

#include <cstdint>
#include <span>

namespace moescope {

// How evenly one layer's assignments fall on its experts. NaN marks a figure that has no value: no assignments, or
// normalizedEntropy of a single expert.
struct LoadBalance {
    std::int32_t experts = 0;
    std::int64_t assignments = 0;
    double cv = 0;                // population standard deviation of n_e / mean n
    double maxVio = 0;            // (max n - mean n) / mean n, arXiv 2408.15664 eq. 4
    double entropy = 0;           // H = -sum s_e ln s_e in nats, 0 ln 0 = 0
    double normalizedEntropy = 0; // H / ln E
    double effectiveExperts = 0;  // e^H
    double gini = 0;              // sum_i (2i - E - 1) n_(i) / (E sum n), n ascending, i from 1
    double klUniform = 0;         // ln E - H in nats
    std::int32_t deadExperts = 0; // n_e = 0
    std::int32_t busiest = 0;     // expert of the largest n; the lowest id among equals
};

// counts: n_e, assignments to each expert.
LoadBalance loadBalance(std::span<const std::int64_t> counts);

// share n_e / sum n (fair: 1/E) and load ratio, share x E (fair: 1). NaN without assignments.
double share(std::int64_t count, std::int64_t assignments);
double loadRatio(std::int64_t count, std::int64_t assignments, std::int32_t experts);

} // namespace moescope
