#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/tokenizer/vocabulary.h"

namespace moescope {

// Finds places where a word can be cut without changing how byte-pair encoding encodes it: between two characters
// that stand side by side in no token, since every merge gives a token. Models without a pre-tokenizer, which see
// whole texts as one word, are encoded in small parts that way, and parts are what a cache can remember.
// REQUIRES: tokens are plain text, and merging two of them concatenates their texts. Immutable.
class WordCutter {
public:
    explicit WordCutter(const Vocabulary& vocabulary);

    // The end of the part that begins at `from`; a part has at least one character.
    std::size_t partEnd(std::string_view word, std::size_t from) const;

private:
    static constexpr std::uint64_t kEmpty = ~0ULL;

    static std::uint64_t pair(char32_t left, char32_t right) { return std::uint64_t(left) << 32 | right; }
    static std::uint64_t alone(char32_t character) { return pair(character, 0xFFFFFFFF); }
    std::size_t slotOf(std::uint64_t key) const {
        return std::size_t((key * 0x9E3779B97F4A7C15ULL) >> 32) & (m_slots.size() - 1);
    }
    void insert(std::uint64_t key);
    bool contains(std::uint64_t key) const;
    bool cuttable(char32_t left, char32_t right) const;

    std::vector<std::uint64_t> m_slots; // characters that are tokens, and pairs within tokens
    std::size_t m_used = 0;
    std::array<std::array<bool, 128>, 128> m_asciiCut{};
};

} // namespace moescope
