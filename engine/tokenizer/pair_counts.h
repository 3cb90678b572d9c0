#pragma once

#include <cstdint>
#include <queue>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace moescope {

// The words of a corpus as rows of symbols, with how often every pair of neighbours occurs and in which words.
class PairCounts {
public:
    struct Pair {
        std::int32_t left = 0;
        std::int32_t right = 0;
        std::int64_t count = 0;
    };

    // Symbols of a word are its bytes at first.
    explicit PairCounts(const std::vector<std::pair<std::string, std::int64_t>>& words);

    // The most frequent pair, of equals the one with the lowest ids; count is 0 where none is left.
    Pair takeMostFrequent();

    // Writes `result` wherever `pair` occurs. REQUIRES: `result` is a new symbol.
    void merge(const Pair& pair, std::int32_t result);

private:
    struct Word {
        std::size_t begin = 0;
        std::uint32_t length = 0;
        std::int64_t count = 0;
    };
    struct Occurrences {
        std::int64_t count = 0;
        std::vector<std::uint32_t> words; // may hold words that have lost the pair since
    };
    struct Candidate {
        std::int64_t count = 0;
        std::uint64_t pair = 0;
        bool operator<(const Candidate& other) const {
            return count != other.count ? count < other.count : pair > other.pair;
        }
    };

    static std::uint64_t key(std::int32_t left, std::int32_t right) {
        return std::uint64_t(std::uint32_t(left)) << 32 | std::uint32_t(right);
    }
    std::span<std::int32_t> symbolsOf(const Word& word) { return {m_symbols.data() + word.begin, word.length}; }
    void change(std::int32_t left, std::int32_t right, std::int64_t by, std::uint32_t word);
    void mergeIn(std::uint32_t word, const Pair& pair, std::int32_t result);

    std::vector<std::int32_t> m_symbols;
    std::vector<Word> m_words;
    std::unordered_map<std::uint64_t, Occurrences> m_pairs;
    std::vector<std::uint64_t> m_new; // pairs that appeared in the merge under way
    std::priority_queue<Candidate> m_queue;
};

} // namespace moescope
