#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/routing/routing_block.h"

namespace moescope {

// The vocabulary ids of a run's tokens: each distinct one has a row in tables by id, the same for every layer.
class VocabularyIndex {
public:
    // tokenIds: [tokens] of the whole run; negative: a token without one.
    explicit VocabularyIndex(std::span<const std::int32_t> tokenIds);

    std::span<const std::int32_t> tokenIds() const { return m_tokenIds; } // by row
    // By token; tokens without an id share the row behind the last.
    std::span<const std::int32_t> rows() const { return m_rows; }

private:
    std::vector<std::int32_t> m_tokenIds;
    std::vector<std::int32_t> m_rows;
};

// Which vocabulary ids one layer sends to which experts. Vocabulary specialization (OLMoE, arXiv 2409.02060): of the
// occurrences of a token, the share that has the expert among its k. An id seen once scores 100 %: show the count.
class VocabularyCounts {
public:
    VocabularyCounts(std::shared_ptr<const VocabularyIndex> index, std::int32_t experts);

    // A block of the index's run.
    void add(const RoutingBlock& block);

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
    template <class Slots>
    void addTokens(const RoutingBlock& block, Slots slots);
    std::size_t width() const { return std::size_t(m_experts) + 2; }

    std::shared_ptr<const VocabularyIndex> m_index;
    std::int32_t m_experts;
    std::vector<std::uint32_t> m_counts; // [rows + 1, experts + 2]: by expert, empty slots, occurrences
};

} // namespace moescope
