#pragma once

#include <cstdint>
#include <span>

#include "analysis/segment_counts.h"

namespace moescope {

// Mean pairwise Jensen-Shannon divergence, in bits, of the domains' distributions over experts: 0 when every domain
// uses the experts alike, 1 when no two share one. Domains without assignments are left out; NaN for fewer than two.
// counts: [domains, experts].
double domainSeparability(std::span<const std::int64_t> counts, std::int32_t experts);

// What few tokens show by chance: the same figure with the domain labels permuted over windows (tokens of a window
// are not independent, so the windows are what is exchanged). A value within the band says nothing about domains.
struct SeparabilityNull {
    double mean = 0;
    double high = 0; // 97.5 % of the permutations lie below
};
// domainOf: [segments of `windows`] domain index. Deterministic for a seed.
SeparabilityNull permutedSeparability(const SegmentCounts& windows, std::span<const std::int32_t> domainOf,
                                      std::int32_t domains, int permutations = 200, std::uint64_t seed = 1);

} // namespace moescope
