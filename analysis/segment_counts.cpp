#include "analysis/segment_counts.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace moescope {

std::vector<TokenIndex> groupBoundaries(TokenIndex tokens, std::int64_t groupTokens) {
    std::vector<TokenIndex> boundaries;
    for (TokenIndex t = 0; t < tokens; t += groupTokens) {
        boundaries.push_back(t);
    }
    boundaries.push_back(tokens);
    return boundaries;
}

Windows windowsOf(std::span<const DocumentInfo> documents, std::int32_t context) {
    Windows windows;
    TokenIndex end = 0;
    for (std::size_t d = 0; d < documents.size(); ++d) {
        end = documents[d].first + documents[d].tokens;
        const std::int64_t step = context > 0 ? context : std::max<std::int64_t>(documents[d].tokens, 1);
        for (TokenIndex t = documents[d].first; t < end; t += step) {
            windows.boundaries.push_back(t);
            windows.document.push_back(std::int32_t(d));
        }
    }
    windows.boundaries.push_back(end);
    return windows;
}

SegmentCounts::SegmentCounts(std::int32_t experts, std::vector<TokenIndex> boundaries)
    : m_experts(experts), m_boundaries(std::move(boundaries)),
      m_counts((m_boundaries.size() - 1) * std::size_t(experts)) {}

void SegmentCounts::add(const RoutingBlock& block) {
    const auto k = std::size_t(block.topK);
    auto segment = std::upper_bound(m_boundaries.begin(), m_boundaries.end(), block.first) - m_boundaries.begin() - 1;
    TokenIndex token = std::max(block.first, m_boundaries.front());
    segment = std::max<std::ptrdiff_t>(segment, 0);
    for (; token < block.end() && std::size_t(segment) + 1 < m_boundaries.size(); ++segment) {
        const TokenIndex end = std::min(block.end(), m_boundaries[std::size_t(segment) + 1]);
        std::uint32_t* const counts = m_counts.data() + std::size_t(segment) * std::size_t(m_experts);
        const auto ids = block.ids.subspan(std::size_t(token - block.first) * k, std::size_t(end - token) * k);
        for (std::uint16_t e : ids) {
            if (e != kNoExpert) {
                ++counts[e];
            }
        }
        token = end;
    }
}

void SegmentCounts::add(const SegmentCounts& other) {
    std::transform(m_counts.begin(), m_counts.end(), other.m_counts.begin(), m_counts.begin(), std::plus<>());
}

} // namespace moescope
