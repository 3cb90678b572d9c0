#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/tokenizer/merge_table.h"
#include "engine/tokenizer/vocabulary.h"
#include "engine/tokenizer/word_cutter.h"

namespace moescope {

// Byte-pair encoding (Sennrich et al. 2016): the pair with the lowest rank merges first, the leftmost of equals.
struct BpeConfig {
    Vocabulary vocabulary; // as in the file
    std::vector<std::pair<std::string, std::string>> merges;
    std::optional<std::string> unknown; // the token for characters outside the vocabulary; none: they are dropped
    std::string subwordPrefix;          // continuing_subword_prefix
    std::string wordSuffix;             // end_of_word_suffix
    bool fuseUnknown = false;
    bool byteFallback = false; // characters outside the vocabulary become tokens <0xNN>
    bool ignoreMerges = false; // a word that is in the vocabulary is not looked into
    bool readsBytes = false;   // tokens are written in GPT-2's alphabet, words come as plain bytes
};

// Immutable; encode() is safe from several threads with a scratch each.
class BpeModel {
public:
    struct Symbol {
        std::int32_t id = 0;
        std::int32_t previous = -1;
        std::int32_t next = -1;
        std::uint32_t rank = MergeTable::kNone; // of the merge with the next symbol
    };

    struct Scratch {
        std::vector<Symbol> symbols;
        std::vector<std::uint64_t> heap; // rank << 32 | position
    };

    // Throws Error Corruption when a merge or the unknown token is not in the vocabulary; `file` is named then.
    BpeModel(BpeConfig config, const std::string& file);

    void encode(std::string_view word, Scratch& scratch, std::vector<std::int32_t>& out) const;

    // The end of the part beginning at `from` that can be encoded alone, usually the whole word.
    std::size_t partEnd(std::string_view word, std::size_t from) const {
        return m_cutter ? m_cutter->partEnd(word, from) : word.size();
    }

    const Vocabulary& vocabulary() const { return m_config.vocabulary; }

private:
    void addMerges(const std::string& file);
    void readBytes();
    void start(std::string_view word, std::vector<Symbol>& symbols) const;
    void startCharacters(std::string_view word, std::vector<Symbol>& symbols) const;
    std::int32_t characterId(std::string_view word, std::size_t begin, std::size_t end) const;
    bool fallBackToBytes(std::string_view character, std::vector<Symbol>& symbols) const;
    void merge(Scratch& scratch) const;
    void mergeShort(std::vector<Symbol>& symbols) const;
    void mergeLong(Scratch& scratch) const;
    void join(std::vector<Symbol>& symbols, std::int32_t position) const;
    void rate(std::vector<Symbol>& symbols, std::int32_t position) const;

    BpeConfig m_config;
    MergeTable m_merges;
    Vocabulary m_byteWords;                    // readsBytes: the same ids by their bytes
    std::array<std::int32_t, 256> m_byteIds{}; // of a byte as a word: ASCII characters, or any byte with readsBytes
    std::array<std::int32_t, 256> m_fallback{};
    std::int32_t m_unknown = kNoToken;
    std::optional<WordCutter> m_cutter; // where words are characters
};

} // namespace moescope
