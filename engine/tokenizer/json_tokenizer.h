#pragma once

#include <filesystem>
#include <optional>

#include "engine/tokenizer/added_tokens.h"
#include "engine/tokenizer/bpe_model.h"
#include "engine/tokenizer/decoders.h"
#include "engine/tokenizer/normalizers.h"
#include "engine/tokenizer/object_pool.h"
#include "engine/tokenizer/post_processors.h"
#include "engine/tokenizer/pre_tokenizers.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/tokenizer/word_cache.h"

namespace moescope {

// The stages of a tokenizer.json, as read from the file.
struct TokenizerParts {
    std::unique_ptr<Normalizer> normalizer; // may be none
    PreTokenization preTokenization;
    std::unique_ptr<BpeModel> model;
    std::vector<AddedToken> added;
    TextTemplate around;
    std::unique_ptr<Decoder> decoder; // may be none: tokens are put together with spaces
    std::optional<std::int32_t> eos;
    std::string contentHash;
};

// text -> added tokens cut out -> normalizer -> pre-tokenizer -> model -> template.
class JsonTokenizer final : public Tokenizer {
public:
    explicit JsonTokenizer(TokenizerParts parts);

    std::vector<std::int32_t> encode(std::string_view text, bool addSpecial) const override;
    std::string decode(std::span<const std::int32_t> ids, bool skipSpecial) const override;
    std::string piece(std::int32_t id) const override;
    bool isSpecial(std::int32_t id) const override;
    std::optional<std::int32_t> idOf(std::string_view token) const override;
    std::int32_t vocabularySize() const override;
    std::optional<std::int32_t> bos() const override;
    std::optional<std::int32_t> eos() const override { return m_parts.eos; }
    const std::string& contentHash() const override { return m_parts.contentHash; }

private:
    struct Scratch {
        WordCache cache;
        BpeModel::Scratch model;
        PieceList pieces;
    };

    void encodeRaw(std::string_view text, bool atStart, Scratch& scratch, std::vector<std::int32_t>& out) const;
    void encodeNormalized(std::string_view text, bool atStart, Scratch& scratch, std::vector<std::int32_t>& out) const;
    void encodeWord(std::string_view word, Scratch& scratch, std::vector<std::int32_t>& out) const;
    const std::string* token(std::int32_t id) const; // as written in the file; nullptr outside the vocabulary

    TokenizerParts m_parts;
    AddedTokens m_added;
    mutable ObjectPool<Scratch> m_scratch;
};

// Reads a tokenizer.json. Throws Error naming the file, the place and the remedy.
std::unique_ptr<Tokenizer> openTokenizerJson(const std::filesystem::path& file);

} // namespace moescope
