#include "analysis/transitions.h"

#include <algorithm>
#include <functional>

#include "engine/routing/error.h"

namespace moescope {

TransitionCounts::TransitionCounts(std::int32_t experts, std::int32_t nextExperts)
    : m_experts(experts), m_nextExperts(nextExperts), m_counts(std::size_t(experts) * std::size_t(nextExperts)) {}

void TransitionCounts::add(const RoutingBlock& block, const RoutingBlock& next) {
    if (block.first != next.first || block.tokens != next.tokens) {
        throw Error(ErrorCode::InvalidArgument, "transitions need blocks of the same tokens in both layers");
    }
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        for (std::uint16_t from : block.idsOf(t)) {
            if (from == kNoExpert) {
                continue;
            }
            std::int64_t* const row = m_counts.data() + std::size_t(from) * std::size_t(m_nextExperts);
            for (std::uint16_t to : next.idsOf(t)) {
                if (to != kNoExpert) {
                    ++row[to];
                }
            }
        }
    }
}

void TransitionCounts::add(const TransitionCounts& other) {
    std::transform(m_counts.begin(), m_counts.end(), other.m_counts.begin(), m_counts.begin(), std::plus<>());
}

} // namespace moescope
