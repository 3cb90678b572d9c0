#pragma once

#include <cstdint>
#include <span>

namespace moescope {

// How two routings of the same tokens agree in one layer; additive over tokens. Slots without an expert do not count.
struct RouteOverlap {
    std::int64_t tokens = 0;
    std::int64_t changed = 0; // tokens whose set of experts differs
    double jaccardSum = 0;    // of |A and B| / |A or B|; 1 where both sets are empty
    double keptSum = 0;       // of |A and B| / |B|, B the final or reference routing; 1 where B is empty

    // ids of one token, its slots in any order.
    void add(std::span<const std::uint16_t> routed, std::span<const std::uint16_t> reference);
    void add(const RouteOverlap& other);

    double changedShare() const; // NaN without tokens, as the others
    double jaccard() const;
    double saturation() const; // OLMoE, arXiv 2409.02060, section 5.1: how much of the final routing is there already
};

} // namespace moescope
