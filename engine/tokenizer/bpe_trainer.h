#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/tokenizer/split.h"

namespace moescope {

// What training found: the tokens by id and the merges in order, as bytes.
struct TrainedBpe {
    std::vector<std::string> specials;                       // ids 0 ..
    std::vector<std::string> tokens;                         // the 256 bytes, then one a merge
    std::vector<std::pair<std::string, std::string>> merges; // the pair behind tokens[256 + i]
};

// Learns byte-level byte-pair encoding: the most frequent pair of neighbouring tokens becomes a token, again and
// again. Works on the distinct words of the text and keeps pair counts up to date instead of counting anew, so time
// grows with the distinct words and memory does not grow with the text. Ties go to the pair of lower ids, so the
// same texts give the same vocabulary.
class BpeTrainer {
public:
    // Words are runs of letters with one character in front, up to three digits, runs of other signs, white space.
    static constexpr std::string_view kPattern =
        R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

    BpeTrainer();

    // Counts the words of a text `weight` times. Throws InvalidArgument when it is not valid UTF-8.
    void addText(std::string_view text, std::int64_t weight = 1);

    // A vocabulary of `size` tokens, specials and bytes included; fewer where the texts have no more pairs that
    // occur twice. Throws InvalidArgument when `size` has no room for the bytes.
    TrainedBpe train(std::int32_t size, std::vector<std::string> specials) const;

    std::size_t distinctWords() const { return m_words.size(); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    Split m_split;
    PieceList m_pieces;
    std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> m_words;
};

// Writes a tokenizer.json: the trainer's pattern, ByteLevel, and a template that puts the first special token in
// front. Replaces the file in one step. Throws Error Io.
void writeTokenizerJson(const TrainedBpe& trained, const std::filesystem::path& file);

} // namespace moescope
