// Properties that hold for every tokenizer, on more text than the golden cases have.
#include <gtest/gtest.h>
#include <random>
#include <thread>

#include "engine/tokenizer/tokenizer.h"
#include "engine/tokenizer/utf8.h"

namespace moescope {
namespace {

const std::filesystem::path kGoldens = std::filesystem::path(MOESCOPE_SOURCE_DIR) / "tests/golden/tokenizers";

// Prose, code, numbers, scripts, emoji, white space and random characters, until there is enough.
std::string mixedText(std::size_t bytes, std::uint32_t seed) {
    constexpr std::string_view kParts[] = {
        "The router sends each token to two of sixteen experts. ",
        "for (int i = 0; i < n; ++i) { sum += x[i] * w[i]; }\n",
        "\tdef load(path: str) -> dict:\n        return json.load(open(path))\r\n",
        "3.14159 1,024 0xDEADBEEF 2026-01-31T23:59:59Z ",
        "Die Übergröße der Straße, c'est l'été à Nîmes. ",
        "\xED\x95\x9C\xEA\xB5\xAD\xEC\x96\xB4 \xEB\xAC\xB8\xEC\x9E\xA5\xEC\x9D\xB4\xEB\x8B\xA4. ",
        "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE3\x81\xAE\xE6\x96\x87\xE3\x80\x82\xE4\xB8\xAD\xE6\x96\x87\xE4\xB9\x9F",
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80 \xF0\x9F\x98\x80 ",
        "<div class=\"a\"> &amp; </div>",
        "                                \n\n\n",
    };
    std::mt19937 random(seed);
    std::string text;
    while (text.size() < bytes) {
        if (random() % 8 == 0) {
            const char32_t c = random() % 0x30000;
            const bool usable = c != 0 && (c < 0xD800 || c >= 0xE000);
            utf8::append(text, usable ? c : U'x');
        } else {
            text += kParts[random() % std::size(kParts)];
        }
    }
    return text;
}

std::string joinedPieces(const Tokenizer& tokenizer, const std::vector<std::int32_t>& ids) {
    std::string text;
    for (const std::int32_t id : ids) {
        text += tokenizer.piece(id);
    }
    return text;
}

// None of these normalizes, so nothing of a text may be lost. Metaspace vocabularies read U+2581 as a space.
class RoundTrip : public testing::TestWithParam<std::string> {};

TEST_P(RoundTrip, tenMegabytesReadBack) {
    const auto tokenizer = Tokenizer::open(kGoldens / GetParam());
    const std::string text = mixedText(std::size_t(10) << 20, 7);
    const auto ids = tokenizer->encode(text, false);
    EXPECT_LT(ids.size(), text.size());
    EXPECT_TRUE(tokenizer->decode(ids, true) == text);
    const std::string pieces = joinedPieces(*tokenizer, ids);
    EXPECT_TRUE(std::string_view(pieces).substr(pieces.size() - text.size()) == text);
}

INSTANTIATE_TEST_SUITE_P(Small, RoundTrip,
                         testing::Values("small_ignore_merges", "small_deepseek", "small_metaspace", "small_gemma",
                                         "small_metaspace_first"),
                         [](const auto& instance) { return instance.param; });

TEST(SentencePiece, aMegabyteReadsBack) {
    const auto tokenizer = Tokenizer::open(kGoldens / "small_spm/llama_like_bpe.model");
    const std::string text = mixedText(std::size_t(1) << 20, 7);
    EXPECT_TRUE(tokenizer->decode(tokenizer->encode(text, false), true) == text);
}

TEST(Tokenizer, threadsEncodeAlike) {
    const auto tokenizer = Tokenizer::open(kGoldens / "small_bytelevel");
    const std::string text = mixedText(200'000, 11);
    const auto expected = tokenizer->encode(text, true);
    std::vector<std::vector<std::int32_t>> results(8);
    std::vector<std::jthread> threads;
    for (auto& result : results) {
        threads.emplace_back([&] { result = tokenizer->encode(text, true); });
    }
    threads.clear();
    for (const auto& result : results) {
        EXPECT_EQ(result, expected);
    }
}

// The cache of words must not change what a text means, whatever was encoded before.
TEST(Tokenizer, earlierTextsLeaveNoTrace) {
    const auto used = Tokenizer::open(kGoldens / "small_bytelevel");
    used->encode(mixedText(300'000, 3), false);
    for (std::uint32_t seed = 20; seed < 40; ++seed) {
        const std::string text = mixedText(500, seed);
        EXPECT_EQ(used->encode(text, true), Tokenizer::open(kGoldens / "small_bytelevel")->encode(text, true));
    }
}

// A word without a single place to cut: quadratic merging would take hours.
TEST(Tokenizer, oneLongWordIsEncodedInTime) {
    for (const char* name : {"small_metaspace", "small_bytelevel", "small_gemma"}) {
        const auto tokenizer = Tokenizer::open(kGoldens / name);
        std::string text;
        for (int i = 0; text.size() < (std::size_t(2) << 20); ++i) {
            text += static_cast<char>('a' + (i * i + i / 7) % 26);
        }
        EXPECT_EQ(tokenizer->decode(tokenizer->encode(text, false), true), text);
    }
}

TEST(Tokenizer, idsOutsideTheVocabularyAreLeftOut) {
    const auto tokenizer = Tokenizer::open(kGoldens / "small_bytelevel");
    const std::vector<std::int32_t> ids = {-1, 39, 1'000'000, tokenizer->vocabularySize(), 68};
    EXPECT_EQ(tokenizer->decode(ids, false), "He");
    EXPECT_EQ(tokenizer->piece(-1), "");
    EXPECT_EQ(tokenizer->piece(tokenizer->vocabularySize()), "");
    EXPECT_EQ(tokenizer->idOf("<|im_start|>"), 513);
    EXPECT_EQ(tokenizer->idOf("no such token"), std::nullopt);
    EXPECT_FALSE(tokenizer->bos().has_value());
}

} // namespace
} // namespace moescope
