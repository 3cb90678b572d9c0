#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moescope {

// Text to the ids of a model's vocabulary and back. Every member is const and safe to call from several threads at
// once. Encoding equals what the model was trained with: normalizer, added tokens, pre-tokenizer, model, template.
class Tokenizer {
public:
    // A model's folder (tokenizer.json, else tokenizer.model or spiece.model), a tokenizer.json, or a sentencepiece
    // model. Throws Error: NotFound, Corruption (malformed file) or Unsupported (a kind this program does not know).
    static std::unique_ptr<Tokenizer> open(const std::filesystem::path& path);

    virtual ~Tokenizer() = default;

    // `addSpecial`: what the post-processor puts around a text (usually one token in front). Special tokens written
    // out in the text are recognised either way. Throws InvalidArgument when the text is not valid UTF-8.
    virtual std::vector<std::int32_t> encode(std::string_view text, bool addSpecial) const = 0;

    // Always valid UTF-8: bytes that form no character become U+FFFD. Ids outside the vocabulary are left out;
    // `skipSpecial` leaves out special tokens too.
    virtual std::string decode(std::span<const std::int32_t> ids, bool skipSpecial) const = 0;

    // The raw bytes a token stands for, which may be part of a character: the pieces of an encoded text concatenate
    // to the text (after normalization, and with the space in front that some vocabularies add). A special token's
    // piece is its name. Empty outside the vocabulary.
    virtual std::string piece(std::int32_t id) const = 0;

    virtual bool isSpecial(std::int32_t id) const = 0;
    virtual std::optional<std::int32_t> idOf(std::string_view token) const = 0; // by its name in the file

    virtual std::int32_t vocabularySize() const = 0;     // largest id + 1
    virtual std::optional<std::int32_t> bos() const = 0; // the token that `addSpecial` puts in front, if any
    virtual std::optional<std::int32_t> eos() const = 0; // the token that ends a text
    virtual const std::string& contentHash() const = 0;  // hexadecimal, over the bytes of the file
};

} // namespace moescope
