#include "analysis/vocabulary.h"

#include <algorithm>
#include <tuple>

namespace moescope {

std::uint32_t* VocabularyCounts::rowOf(std::int32_t tokenId) {
    const auto id = std::size_t(tokenId);
    if (id >= m_row.size()) {
        m_row.resize(id + 1, -1);
    }
    if (m_row[id] < 0) {
        m_row[id] = std::int32_t(m_tokenIds.size());
        m_tokenIds.push_back(tokenId);
        m_occurrences.push_back(0);
        m_counts.resize(m_counts.size() + std::size_t(m_experts));
    }
    return m_counts.data() + std::size_t(m_row[id]) * std::size_t(m_experts);
}

void VocabularyCounts::add(const RoutingBlock& block, std::span<const std::int32_t> tokenIds) {
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        const std::int32_t id = tokenIds[std::size_t(t)];
        if (id < 0) {
            continue; // a source without vocabulary ids
        }
        std::uint32_t* const counts = rowOf(id);
        ++m_occurrences[std::size_t(m_row[std::size_t(id)])];
        for (std::uint16_t e : block.idsOf(t)) {
            if (e != kNoExpert) {
                ++counts[e];
            }
        }
    }
}

void VocabularyCounts::add(const VocabularyCounts& other) {
    for (std::size_t row = 0; row < other.m_tokenIds.size(); ++row) {
        std::uint32_t* const counts = rowOf(other.m_tokenIds[row]);
        m_occurrences[std::size_t(m_row[std::size_t(other.m_tokenIds[row])])] += other.m_occurrences[row];
        for (std::size_t e = 0; e < std::size_t(m_experts); ++e) {
            counts[e] += other.m_counts[row * std::size_t(m_experts) + e];
        }
    }
}

std::vector<VocabularyCounts::Entry> VocabularyCounts::of(std::int32_t expert) const {
    std::vector<Entry> entries;
    for (std::size_t row = 0; row < m_tokenIds.size(); ++row) {
        const std::uint32_t count = m_counts[row * std::size_t(m_experts) + std::size_t(expert)];
        if (count > 0) {
            entries.push_back({m_tokenIds[row], count, m_occurrences[row]});
        }
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return std::tuple(-a.count, a.tokenId) < std::tuple(-b.count, b.tokenId);
    });
    return entries;
}

std::vector<VocabularyCounts::Entry> VocabularyCounts::mostExclusive(std::int32_t expert, std::int64_t minOccurrences,
                                                                     std::size_t limit) const {
    std::vector<Entry> entries = of(expert);
    std::erase_if(entries, [&](const Entry& e) { return e.occurrences < minOccurrences; });
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.shareOfToken() > b.shareOfToken(); });
    entries.resize(std::min(limit, entries.size()));
    return entries;
}

} // namespace moescope
