#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/routing/routing_block.h"

namespace moescope {

// Which vocabulary ids one layer sends to which experts. Vocabulary specialization (OLMoE, arXiv 2409.02060): of the
// occurrences of a token, the share that has the expert among its k. An id seen once scores 100 %: show the count.
class VocabularyCounts {
public:
    explicit VocabularyCounts(std::int32_t experts) : m_experts(experts) {}

    // tokenIds: [block.tokens] vocabulary ids of the block's tokens.
    void add(const RoutingBlock& block, std::span<const std::int32_t> tokenIds);
    void add(const VocabularyCounts& other);

    struct Entry {
        std::int32_t tokenId = 0;
        std::int64_t count = 0;       // occurrences that have the expert among their k
        std::int64_t occurrences = 0; // of the id
        double shareOfToken() const { return double(count) / double(occurrences); }
    };
    // The ids that reached the expert, most frequent first; equal counts by ascending id.
    std::vector<Entry> of(std::int32_t expert) const;
    // The ids whose occurrences go to the expert most exclusively, among those seen at least minOccurrences times.
    std::vector<Entry> mostExclusive(std::int32_t expert, std::int64_t minOccurrences, std::size_t limit) const;

private:
    std::size_t rowOf(std::int32_t tokenId) {
        const auto id = std::size_t(tokenId);
        return id < m_row.size() && m_row[id] >= 0 ? std::size_t(m_row[id]) : newRow(tokenId);
    }
    template <class Slots>
    void addTokens(const RoutingBlock& block, std::span<const std::int32_t> tokenIds, Slots slots);
    std::size_t newRow(std::int32_t tokenId);

    std::int32_t m_experts;
    std::vector<std::int32_t> m_row;         // by vocabulary id; -1: not seen
    std::vector<std::int32_t> m_tokenIds;    // by row
    std::vector<std::int64_t> m_occurrences; // by row
    std::vector<std::uint32_t> m_counts;     // [rows, experts]
};

} // namespace moescope
