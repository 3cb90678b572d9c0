// The vocabularies of published models, which are not stored here: real_vocabularies.sh installs them and runs this.
#include <cstdlib>

#include "tests/engine/tokenizer/golden_cases.h"

namespace moescope {
namespace {

struct RealVocabulary {
    std::string golden;  // tests/golden/tokenizers/real/<golden>.jsonl
    std::string package; // folder with models/tokenizer.json
};

class RealVocabularies : public testing::TestWithParam<RealVocabulary> {};

TEST_P(RealVocabularies, encodeAndDecode) {
    const char* folder = std::getenv("MOESCOPE_REAL_VOCABULARIES");
    if (folder == nullptr) {
        GTEST_SKIP() << "run tests/engine/tokenizer/real_vocabularies.sh, which installs the vocabularies";
    }
    const auto tokenizer =
        Tokenizer::open(std::filesystem::path(folder) / GetParam().package / "models/tokenizer.json");
    const std::filesystem::path goldens = tokenizerGoldens() / "real";
    expectEncodes(*tokenizer, goldens / (GetParam().golden + ".jsonl"));
    expectDecodes(*tokenizer, goldens / (GetParam().golden + ".decode.jsonl"));
}

INSTANTIATE_TEST_SUITE_P(Published, RealVocabularies,
                         testing::Values(RealVocabulary{"qwen3", "tokenizer-qwen3"},
                                         RealVocabulary{"llama3", "tokenizer-llama3"},
                                         RealVocabulary{"llama3_1", "tokenizer-llama3_1"},
                                         RealVocabulary{"gptoss", "tokenizer-gptoss"},
                                         RealVocabulary{"deepseek_v3", "tokenizer-deepseek_v3"},
                                         RealVocabulary{"gemma3", "tokenizer-gemma3"},
                                         // the package is named after Llama 2 and holds Mistral's vocabulary
                                         RealVocabulary{"mixtral_mistral_v1", "tokenizer-llama2"}),
                         [](const auto& instance) { return instance.param.golden; });

} // namespace
} // namespace moescope
