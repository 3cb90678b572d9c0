#include "analysis/vocabulary.h"

#include <algorithm>
#include <tuple>
#include <type_traits>

namespace moescope {

VocabularyIndex::VocabularyIndex(std::span<const std::int32_t> tokenIds) : m_rows(tokenIds.size()) {
    std::vector<std::int32_t> rowOf; // by id; -1: not met
    for (std::size_t t = 0; t < tokenIds.size(); ++t) {
        if (tokenIds[t] < 0) {
            m_rows[t] = -1;
            continue;
        }
        const auto id = std::size_t(tokenIds[t]);
        if (id >= rowOf.size()) {
            rowOf.resize(id + 1, -1);
        }
        if (rowOf[id] < 0) {
            rowOf[id] = std::int32_t(m_tokenIds.size());
            m_tokenIds.push_back(tokenIds[t]);
        }
        m_rows[t] = rowOf[id];
    }
    std::replace(m_rows.begin(), m_rows.end(), -1, std::int32_t(m_tokenIds.size()));
}

VocabularyCounts::VocabularyCounts(std::shared_ptr<const VocabularyIndex> index, std::int32_t experts)
    : m_index(std::move(index)), m_experts(experts), m_counts((m_index->tokenIds().size() + 1) * width()) {}

void VocabularyCounts::add(const RoutingBlock& block) {
    if (block.topK == 2) {
        addTokens(block, std::integral_constant<std::size_t, 2>()); // unrolled: many models have two
    } else {
        addTokens(block, std::size_t(block.topK));
    }
}

template <class Slots>
void VocabularyCounts::addTokens(const RoutingBlock& block, Slots slots) {
    const std::size_t k = slots;
    const auto none = std::uint16_t(m_experts);
    const std::int32_t* const rows = m_index->rows().data() + block.first;
    const std::uint16_t* ids = block.ids.data();
    std::uint32_t* const all = m_counts.data();
    for (std::size_t t = 0; t < std::size_t(block.tokens); ++t, ids += k) {
        std::uint32_t* const counts = all + std::size_t(rows[t]) * width();
        ++counts[none + 1];
        for (std::size_t slot = 0; slot < k; ++slot) {
            ++counts[std::min(ids[slot], none)]; // kNoExpert is above every expert
        }
    }
}

std::vector<VocabularyCounts::Entry> VocabularyCounts::of(std::int32_t expert) const {
    std::vector<Entry> entries;
    const std::span<const std::int32_t> tokenIds = m_index->tokenIds();
    for (std::size_t row = 0; row < tokenIds.size(); ++row) {
        const std::uint32_t* const counts = m_counts.data() + row * width();
        if (counts[expert] > 0) {
            entries.push_back({tokenIds[row], counts[expert], counts[m_experts + 1]});
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
