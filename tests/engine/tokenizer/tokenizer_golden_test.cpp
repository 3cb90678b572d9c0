// Every case that other people's implementations computed: encode with and without special tokens, decode.
#include "tests/engine/tokenizer/golden_cases.h"

namespace moescope {
namespace {

class TokenizerGolden : public testing::TestWithParam<std::string> {
protected:
    std::filesystem::path folder() const { return tokenizerGoldens() / GetParam(); }
};

TEST_P(TokenizerGolden, encodes) {
    expectEncodes(*Tokenizer::open(folder()), folder() / (GetParam() + ".jsonl"));
}

TEST_P(TokenizerGolden, decodes) {
    expectDecodes(*Tokenizer::open(folder()), folder() / (GetParam() + ".decode.jsonl"));
}

INSTANTIATE_TEST_SUITE_P(Small, TokenizerGolden,
                         testing::Values("small_bytelevel", "small_ignore_merges", "small_neox", "small_deepseek",
                                         "small_prefixspace", "small_metaspace", "small_metaspace_first", "small_gemma",
                                         "small_unk"),
                         [](const auto& instance) { return instance.param; });

} // namespace
} // namespace moescope
