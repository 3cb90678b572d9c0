#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/routing/routing_block.h"

namespace moescope {

// How often two experts of a layer serve the same token, over all pairs within a token's k (not only experts of
// neighbouring rank, as some published scripts count).
class CoactivationCounts {
public:
    explicit CoactivationCounts(std::int32_t experts);

    void add(const RoutingBlock& block);
    void add(const CoactivationCounts& other);

    std::int32_t experts() const { return m_experts; }
    // Tokens that have both; tokens that have a, for a = b.
    std::int64_t count(std::int32_t a, std::int32_t b) const {
        return a == b ? m_tokens[std::size_t(a)] : m_pairs[at(a, b)] + m_pairs[at(b, a)];
    }
    // N_ab / N_a: of the tokens that have a, the share that has b too. NaN where a has none.
    double conditional(std::int32_t b, std::int32_t givenA) const;
    // What independent choices would show: (k - 1) / (E - 1).
    static double uniform(std::int32_t topK, std::int32_t experts) {
        return experts > 1 ? double(topK - 1) / double(experts - 1) : 0;
    }

private:
    std::size_t at(std::int32_t a, std::int32_t b) const {
        return std::size_t(a) * std::size_t(m_experts) + std::size_t(b);
    }
    void addToken(std::span<const std::uint16_t> ids);
    void addPairs(const RoutingBlock& block);

    std::int32_t m_experts;
    std::vector<std::int64_t> m_tokens; // [experts]
    std::vector<std::int64_t> m_pairs;  // [experts, experts], the stronger one first: each pair of a token once
    std::vector<std::uint32_t> m_scratch;
};

} // namespace moescope
