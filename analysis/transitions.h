#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/routing/routing_block.h"

namespace moescope {

// Where tokens go from one layer to a later one: the joint count of (e here, e' there) over all slot pairs of a token.
// Sums to k x k' x tokens.
class TransitionCounts {
public:
    TransitionCounts(std::int32_t experts, std::int32_t nextExperts);

    // Both blocks hold the same tokens, one in each layer. Throws Error(InvalidArgument) otherwise.
    void add(const RoutingBlock& block, const RoutingBlock& next);
    void add(const TransitionCounts& other);

    std::int32_t experts() const { return m_experts; }
    std::int32_t nextExperts() const { return m_nextExperts; }
    std::int64_t count(std::int32_t expert, std::int32_t nextExpert) const { return m_counts[at(expert, nextExpert)]; }

private:
    void addToken(std::span<const std::uint16_t> ids, std::span<const std::uint16_t> next);
    void addPairs(const RoutingBlock& block, const RoutingBlock& next);
    std::size_t at(std::int32_t expert, std::int32_t nextExpert) const {
        return std::size_t(expert) * std::size_t(m_nextExperts) + std::size_t(nextExpert);
    }

    std::int32_t m_experts, m_nextExperts;
    std::vector<std::int64_t> m_counts; // [experts, nextExperts]
    std::vector<std::uint32_t> m_scratch;
};

} // namespace moescope
