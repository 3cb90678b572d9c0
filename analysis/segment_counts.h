#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/routing/routing_block.h"
#include "engine/routing/run_spec.h"

namespace moescope {

// Boundaries of consecutive segments of a run: segment s holds the tokens begins[s] .. begins[s+1]-1.
// Groups of equal size, the last one shorter.
std::vector<TokenIndex> groupBoundaries(TokenIndex tokens, std::int64_t groupTokens);

// The windows that documents were cut into, each with the index of its document; context 0: whole documents.
struct Windows {
    std::vector<TokenIndex> boundaries; // [windows + 1]
    std::vector<std::int32_t> document; // [windows]
};
Windows windowsOf(std::span<const DocumentInfo> documents, std::int32_t context);

// Assignments of one layer by segment and expert: load over the sequence, capacity groups, bootstrap windows.
// Blocks may come in any order; parts counted by several threads are added up.
class SegmentCounts {
public:
    SegmentCounts(std::int32_t experts, std::vector<TokenIndex> boundaries);

    void add(const RoutingBlock& block); // tokens outside all segments are passed over
    void add(const SegmentCounts& other);

    std::size_t segments() const { return m_boundaries.size() - 1; }
    std::int32_t experts() const { return m_experts; }
    std::int64_t tokens(std::size_t segment) const { return m_boundaries[segment + 1] - m_boundaries[segment]; }
    std::span<const std::uint32_t> counts(std::size_t segment) const {
        return std::span(m_counts).subspan(segment * std::size_t(m_experts), std::size_t(m_experts));
    }

private:
    std::int32_t m_experts;
    std::vector<TokenIndex> m_boundaries;
    std::vector<std::uint32_t> m_counts; // [segments, experts]
};

} // namespace moescope
