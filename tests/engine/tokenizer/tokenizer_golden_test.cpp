// Every case that other people's implementations computed: encode with and without special tokens, decode.
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/tokenizer/tokenizer.h"

namespace moescope {
namespace {

const std::filesystem::path kGoldens = std::filesystem::path(MOESCOPE_SOURCE_DIR) / "tests/golden/tokenizers";

std::vector<nlohmann::json> readCases(const std::filesystem::path& file) {
    std::vector<nlohmann::json> cases;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        cases.push_back(nlohmann::json::parse(line));
    }
    return cases;
}

using Ids = std::vector<std::int32_t>;

class TokenizerGolden : public testing::TestWithParam<std::string> {
protected:
    std::filesystem::path folder() const { return kGoldens / GetParam(); }
    std::unique_ptr<Tokenizer> m_tokenizer = Tokenizer::open(folder());
};

TEST_P(TokenizerGolden, encodes) {
    const auto cases = readCases(folder() / (GetParam() + ".jsonl"));
    ASSERT_GT(cases.size(), 100U);
    for (const auto& expected : cases) {
        const auto text = expected.at("text").get<std::string>();
        ASSERT_EQ(m_tokenizer->encode(text, false), expected.at("ids").get<Ids>())
            << expected.at("id") << ": " << text.substr(0, 200);
        ASSERT_EQ(m_tokenizer->encode(text, true), expected.at("ids_special").get<Ids>()) << expected.at("id");
    }
}

TEST_P(TokenizerGolden, decodesWhatItEncoded) {
    for (const auto& expected : readCases(folder() / (GetParam() + ".jsonl"))) {
        ASSERT_EQ(m_tokenizer->decode(expected.at("ids").get<Ids>(), false), expected.at("decoded").get<std::string>())
            << expected.at("id");
    }
}

TEST_P(TokenizerGolden, decodesAnyIds) {
    const auto cases = readCases(folder() / (GetParam() + ".decode.jsonl"));
    ASSERT_GT(cases.size(), 20U);
    for (const auto& expected : cases) {
        const auto ids = expected.at("ids").get<Ids>();
        ASSERT_EQ(m_tokenizer->decode(ids, false), expected.at("decoded").get<std::string>()) << expected.at("ids");
        ASSERT_EQ(m_tokenizer->decode(ids, true), expected.at("decoded_skip_special").get<std::string>())
            << expected.at("ids");
    }
}

INSTANTIATE_TEST_SUITE_P(Small, TokenizerGolden,
                         testing::Values("small_bytelevel", "small_ignore_merges", "small_neox", "small_deepseek",
                                         "small_prefixspace", "small_metaspace", "small_metaspace_first", "small_gemma",
                                         "small_unk"),
                         [](const auto& instance) { return instance.param; });

} // namespace
} // namespace moescope
