#include "analysis/vocabulary.h"

#include <algorithm>
#include <tuple>
#include <type_traits>

namespace moescope {

std::size_t VocabularyCounts::newRow(std::int32_t tokenId) {
    const auto id = std::size_t(tokenId);
    if (id >= m_row.size()) {
        m_row.resize(id + 1, -1);
    }
    m_row[id] = std::int32_t(m_tokenIds.size());
    m_tokenIds.push_back(tokenId);
    m_occurrences.push_back(0);
    m_counts.resize(m_counts.size() + std::size_t(m_experts));
    return m_tokenIds.size() - 1;
}

void VocabularyCounts::add(const RoutingBlock& block, std::span<const std::int32_t> tokenIds) {
    if (block.topK == 2) {
        addTokens(block, tokenIds, std::integral_constant<std::size_t, 2>()); // unrolled: most models have two
    } else {
        addTokens(block, tokenIds, std::size_t(block.topK));
    }
}

template <class Slots>
void VocabularyCounts::addTokens(const RoutingBlock& block, std::span<const std::int32_t> tokenIds, Slots slots) {
    const std::size_t k = slots;
    const auto experts = std::size_t(m_experts);
    const std::uint16_t* ids = block.ids.data();
    for (std::size_t t = 0; t < std::size_t(block.tokens); ++t, ids += k) {
        if (tokenIds[t] < 0) {
            continue; // a source without vocabulary ids
        }
        const std::size_t row = rowOf(tokenIds[t]);
        ++m_occurrences[row];
        std::uint32_t* const counts = m_counts.data() + row * experts;
        for (std::size_t slot = 0; slot < k; ++slot) {
            if (ids[slot] != kNoExpert) {
                ++counts[ids[slot]];
            }
        }
    }
}

void VocabularyCounts::add(const VocabularyCounts& other) {
    for (std::size_t row = 0; row < other.m_tokenIds.size(); ++row) {
        const std::size_t own = rowOf(other.m_tokenIds[row]);
        m_occurrences[own] += other.m_occurrences[row];
        std::uint32_t* const counts = m_counts.data() + own * std::size_t(m_experts);
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
