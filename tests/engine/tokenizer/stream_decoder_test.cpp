#include "engine/tokenizer/stream_decoder.h"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/tokenizer/utf8.h"

namespace moescope {
namespace {

const std::filesystem::path kGoldens = std::filesystem::path(MOESCOPE_SOURCE_DIR) / "tests/golden/tokenizers";

class StreamDecoding : public testing::TestWithParam<std::string> {};

// Whatever a model says, token by token, reads as if it had been decoded at once.
TEST_P(StreamDecoding, equalsDecodingAtOnce) {
    const auto tokenizer = Tokenizer::open(kGoldens / GetParam());
    std::ifstream in(kGoldens / GetParam() / (GetParam() + ".jsonl"));
    for (std::string line; std::getline(in, line);) {
        const auto expected = nlohmann::json::parse(line);
        const auto ids = expected.at("ids").get<std::vector<std::int32_t>>();
        if (ids.size() > 3000) {
            continue;
        }
        StreamDecoder stream(*tokenizer, false);
        std::string text;
        for (const std::int32_t id : ids) {
            const std::string part = stream.push(id);
            ASSERT_EQ(utf8::findInvalid(part), utf8::kValid);
            text += part;
        }
        text += stream.finish();
        ASSERT_EQ(text, expected.at("decoded").get<std::string>()) << expected.at("id");
    }
}

INSTANTIATE_TEST_SUITE_P(Small, StreamDecoding,
                         testing::Values("small_bytelevel", "small_neox", "small_metaspace", "small_gemma",
                                         "small_metaspace_first", "small_unk"),
                         [](const auto& instance) { return instance.param; });

TEST(StreamDecoder, holdsBytesBackUntilTheyAreACharacter) {
    const auto tokenizer = Tokenizer::open(kGoldens / "small_bytelevel");
    const auto ids = tokenizer->encode("\xF0\x9F\xA6\x94", false);
    ASSERT_EQ(ids.size(), 4U);
    StreamDecoder stream(*tokenizer, false);
    EXPECT_EQ(stream.push(ids[0]), "");
    EXPECT_EQ(stream.push(ids[1]), "");
    EXPECT_EQ(stream.push(ids[2]), "");
    EXPECT_EQ(stream.push(ids[3]), "\xF0\x9F\xA6\x94");
    EXPECT_EQ(stream.push(ids[0]), "");
    EXPECT_EQ(stream.finish(), "\xEF\xBF\xBD");
    EXPECT_EQ(stream.finish(), "");
}

} // namespace
} // namespace moescope
