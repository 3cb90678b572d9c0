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
    if (block.topK == 2 && next.topK == 2 && m_counts.size() * 2 <= std::size_t(block.tokens)) {
        addPairs(block, next);
        return;
    }
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        addToken(block.idsOf(t), next.idsOf(t));
    }
}

void TransitionCounts::addToken(std::span<const std::uint16_t> ids, std::span<const std::uint16_t> next) {
    for (const std::uint16_t from : ids) {
        for (const std::uint16_t to : next) {
            if (from != kNoExpert && to != kNoExpert) {
                ++m_counts[at(from, to)];
            }
        }
    }
}

// Two slots a token, as Mixtral has: a table for each of the four steps, and those by turns, so that a count
// seldom waits for the one before.
void TransitionCounts::addPairs(const RoutingBlock& block, const RoutingBlock& next) {
    const std::size_t cells = m_counts.size();
    m_scratch.assign(8 * cells, 0);
    const std::uint16_t* from = block.ids.data();
    const std::uint16_t* to = next.ids.data();
    for (std::int32_t t = 0; t < block.tokens; ++t, from += 2, to += 2) {
        if ((from[0] == kNoExpert) | (from[1] == kNoExpert) | (to[0] == kNoExpert) | (to[1] == kNoExpert)) {
            addToken({from, 2}, {to, 2});
            continue;
        }
        std::uint32_t* const tables = m_scratch.data() + std::size_t(t & 1) * 4 * cells;
        ++tables[at(from[0], to[0])];
        ++tables[cells + at(from[0], to[1])];
        ++tables[2 * cells + at(from[1], to[0])];
        ++tables[3 * cells + at(from[1], to[1])];
    }
    for (std::size_t i = 0; i < m_scratch.size(); ++i) {
        m_counts[i % cells] += m_scratch[i];
    }
}

void TransitionCounts::add(const TransitionCounts& other) {
    std::transform(m_counts.begin(), m_counts.end(), other.m_counts.begin(), m_counts.begin(), std::plus<>());
}

} // namespace moescope
