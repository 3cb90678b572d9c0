#include "analysis/coactivation.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace moescope {

CoactivationCounts::CoactivationCounts(std::int32_t experts)
    : m_experts(experts), m_counts(std::size_t(experts) * std::size_t(experts)) {}

void CoactivationCounts::add(const RoutingBlock& block) {
    const auto experts = std::size_t(m_experts);
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        const auto ids = block.idsOf(t);
        for (std::uint16_t a : ids) {
            for (std::uint16_t b : ids) {
                if (a != kNoExpert && b != kNoExpert) {
                    ++m_counts[a * experts + b];
                }
            }
        }
    }
}

void CoactivationCounts::add(const CoactivationCounts& other) {
    std::transform(m_counts.begin(), m_counts.end(), other.m_counts.begin(), m_counts.begin(), std::plus<>());
}

double CoactivationCounts::conditional(std::int32_t b, std::int32_t givenA) const {
    const std::int64_t tokens = count(givenA, givenA);
    return tokens == 0 ? std::numeric_limits<double>::quiet_NaN() : double(count(givenA, b)) / double(tokens);
}

} // namespace moescope
