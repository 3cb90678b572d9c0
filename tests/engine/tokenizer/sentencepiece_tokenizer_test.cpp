#include "engine/tokenizer/sentencepiece_tokenizer.h"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/routing/error.h"

namespace moescope {
namespace {

const std::filesystem::path kModels = std::filesystem::path(MOESCOPE_SOURCE_DIR) / "tests/golden/tokenizers/small_spm";

using Ids = std::vector<std::int32_t>;

class SentencePieceGolden : public testing::TestWithParam<std::string> {
protected:
    std::unique_ptr<Tokenizer> m_tokenizer = Tokenizer::open(kModels / (GetParam() + ".model"));
};

TEST_P(SentencePieceGolden, encodesAndDecodes) {
    std::ifstream in(kModels / (GetParam() + ".jsonl"));
    int cases = 0;
    for (std::string line; std::getline(in, line); ++cases) {
        const auto expected = nlohmann::json::parse(line);
        const auto ids = expected.at("ids").get<Ids>();
        ASSERT_EQ(m_tokenizer->encode(expected.at("text").get<std::string>(), false), ids) << expected.at("id");
        ASSERT_EQ(m_tokenizer->decode(ids, true), expected.at("decoded").get<std::string>()) << expected.at("id");
    }
    EXPECT_GT(cases, 100);
}

INSTANTIATE_TEST_SUITE_P(Small, SentencePieceGolden,
                         testing::Values("llama_like_bpe", "llama_like_unigram", "t5_like_unigram_nfkc"),
                         [](const auto& instance) { return instance.param; });

TEST(SentencePieceTokenizer, putsTheBeginTokenInFront) {
    const auto llama = Tokenizer::open(kModels / "llama_like_bpe.model");
    ASSERT_TRUE(llama->bos().has_value());
    const Ids ids = llama->encode("Hello", true);
    EXPECT_EQ(ids.front(), *llama->bos());
    EXPECT_EQ(llama->decode(ids, true), "Hello");
    EXPECT_EQ(llama->decode(ids, false), llama->piece(*llama->bos()) + "Hello");
    EXPECT_TRUE(llama->isSpecial(*llama->bos()));
}

TEST(SentencePieceTokenizer, piecesConcatenateToTheText) {
    const auto llama = Tokenizer::open(kModels / "llama_like_bpe.model");
    const std::string text = "Hello \xE4\xB8\xAD\xE6\x96\x87 \xF0\x9F\x98\x80 world";
    std::string pieces;
    for (const std::int32_t id : llama->encode(text, false)) {
        pieces += llama->piece(id);
    }
    EXPECT_EQ(pieces, " " + text);
    EXPECT_EQ(llama->piece(-1), "");
    EXPECT_EQ(llama->piece(llama->vocabularySize()), "");
}

TEST(SentencePieceTokenizer, aDamagedModelIsRefused) {
    const auto file = std::filesystem::path(testing::TempDir()) / "moescope_damaged.model";
    std::ofstream(file) << "this is no model";
    EXPECT_THROW(Tokenizer::open(file), Error);
    std::filesystem::remove(file);
}

} // namespace
} // namespace moescope
