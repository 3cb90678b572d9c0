// What is wrong with a tokenizer.json is told in one line that names the file, the place and the remedy.
#include <fstream>
#include <functional>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/routing/error.h"
#include "engine/tokenizer/tokenizer.h"

namespace moescope {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::filesystem::path kGoldens = std::filesystem::path(MOESCOPE_SOURCE_DIR) / "tests/golden/tokenizers";

class TokenizerFile : public testing::Test {
protected:
    TokenizerFile() { std::filesystem::create_directories(m_folder); }
    ~TokenizerFile() override { std::filesystem::remove_all(m_folder); }

    std::string good() const {
        std::ifstream in(kGoldens / "small_ignore_merges/tokenizer.json");
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }
    void write(const std::string& text, const std::string& name = "tokenizer.json") const {
        std::ofstream(m_folder / name, std::ios::binary) << text;
    }
    void writeChanged(const std::function<void(json&)>& change) const {
        json file = json::parse(good());
        change(file);
        write(file.dump());
    }
    // The message of the error that opening gives, "" where it opens.
    std::string problem(ErrorCode code = ErrorCode::Corruption) const {
        try {
            Tokenizer::open(m_folder);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), code) << error.what();
            return error.what();
        }
        return {};
    }
    void expectCorrupt(const std::function<void(json&)>& change, const std::string& place) const {
        writeChanged(change);
        EXPECT_THAT(problem(), AllOf(HasSubstr((m_folder / "tokenizer.json").string()), HasSubstr(place),
                                     HasSubstr("get "), Not(HasSubstr("\n"))));
    }
    void expectUnsupported(const std::function<void(json&)>& change, const std::string& place) const {
        writeChanged(change);
        EXPECT_THAT(problem(ErrorCode::Unsupported),
                    AllOf(HasSubstr((m_folder / "tokenizer.json").string()), HasSubstr(place), Not(HasSubstr("\n"))));
    }

    // Tests run side by side: each process has a folder of its own.
    std::filesystem::path m_folder =
        std::filesystem::path(testing::TempDir()) / ("moescope_tokenizer_file_" + std::to_string(::getpid()));
};

TEST_F(TokenizerFile, isMissing) {
    EXPECT_THAT(problem(ErrorCode::NotFound), HasSubstr("no tokenizer.json"));
    EXPECT_THROW(Tokenizer::open(m_folder / "elsewhere.json"), Error);
}

TEST_F(TokenizerFile, isCutOffAnywhere) {
    const std::string whole = good();
    for (std::size_t length = 0; length < whole.size() - 2; length += whole.size() / 50) {
        write(whole.substr(0, length));
        EXPECT_THAT(problem(), AllOf(HasSubstr("tokenizer.json"), HasSubstr("get it again"), Not(HasSubstr("\n"))));
    }
}

TEST_F(TokenizerFile, holdsSomethingElse) {
    for (const char* text : {"[]", "3", "\"text\"", "null", "{}", "{\"model\": 3}", "{\"model\": {\"type\": 4}}"}) {
        write(text);
        EXPECT_NE(problem(), "") << text;
    }
    write("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"\xFF\":0},\"merges\":[]}}");
    EXPECT_NE(problem(), "");
}

TEST_F(TokenizerFile, hasABrokenModel) {
    expectCorrupt([](json& file) { file.erase("model"); }, "'model' is missing");
    expectCorrupt([](json& file) { file["model"].erase("vocab"); }, "at model: 'vocab' is missing");
    expectCorrupt([](json& file) { file["model"]["vocab"] = json::array(); }, "at model.vocab");
    expectCorrupt([](json& file) { file["model"]["vocab"]["x"] = -1; }, "the id of 'x'");
    expectCorrupt([](json& file) { file["model"]["vocab"]["x"] = 1e18; }, "the id of 'x'");
    expectCorrupt([](json& file) { file["model"]["vocab"]["x"] = 2147483647; }, "the id of 'x'");
    expectCorrupt([](json& file) { file["model"]["vocab"]["x"] = 18446744073709551615U; }, "the id of 'x'");
    expectCorrupt([](json& file) { file["model"]["merges"] = 7; }, "at model.merges");
    expectCorrupt([](json& file) { file["model"]["merges"][3] = "one"; }, "entry 3");
    expectCorrupt([](json& file) { file["model"]["merges"][3] = {"a", 1}; }, "entry 3");
    expectCorrupt([](json& file) { file["model"]["merges"].push_back("qq\n zz"); }, "the merge of 'qq\\x0A' and 'zz'");
    expectCorrupt([](json& file) { file["model"]["unk_token"] = "<nope>"; }, "'<nope>'");
    expectCorrupt([](json& file) { file["model"]["ignore_merges"] = "yes"; }, "at model.ignore_merges");
}

TEST_F(TokenizerFile, hasBrokenStages) {
    expectCorrupt([](json& file) { file["normalizer"] = {{"kind", "NFC"}}; }, "at normalizer: 'type' is missing");
    expectCorrupt([](json& file) { file["normalizer"] = "NFC"; }, "at normalizer");
    expectCorrupt([](json& file) { file["pre_tokenizer"]["pretokenizers"] = 1; }, "at pre_tokenizer.pretokenizers");
    expectCorrupt([](json& file) { file["pre_tokenizer"]["pretokenizers"][0].erase("pattern"); },
                  "at pre_tokenizer.pretokenizers[0]: 'pattern' is missing");
    expectCorrupt([](json& file) { file["added_tokens"][1]["id"] = -5; }, "at added_tokens[1].id");
    expectCorrupt([](json& file) { file["added_tokens"][1]["id"] = 2000000000; }, "is not a usable number");
    expectCorrupt([](json& file) { file["added_tokens"][0].erase("content"); }, "at added_tokens[0]");
    expectCorrupt([](json& file) { file["added_tokens"] = "none"; }, "at added_tokens");
    expectCorrupt([](json& file) { file["post_processor"]["processors"][1].erase("special_tokens"); },
                  "'special_tokens' is missing");
    expectCorrupt(
        [](json& file) {
            file["post_processor"]["processors"][1]["single"][0] = {{"Else", 1}};
        },
        "single[0]");
}

TEST_F(TokenizerFile, hasKindsThatNobodyKnows) {
    expectUnsupported([](json& file) { file["model"]["type"] = "WordPiece"; }, "at model: model 'WordPiece'");
    expectUnsupported([](json& file) { file["normalizer"] = {{"type", "Upside\ndown"}}; }, "at normalizer");
    expectUnsupported([](json& file) { file["pre_tokenizer"] = {{"type", "Magic"}}; }, "at pre_tokenizer");
    expectUnsupported([](json& file) { file["post_processor"] = {{"type", "Magic"}}; }, "at post_processor");
    expectUnsupported([](json& file) { file["decoder"] = {{"type", "Magic"}}; }, "at decoder");
    expectUnsupported([](json& file) { file["pre_tokenizer"]["pretokenizers"][0]["behavior"] = "Sideways"; },
                      "behavior");
    expectUnsupported(
        [](json& file) {
            file["pre_tokenizer"]["pretokenizers"][0]["pattern"] = {{"Regex", "(\n["}};
        },
        "at pre_tokenizer.pretokenizers[0].pattern.Regex");
}

TEST_F(TokenizerFile, isNestedWithoutEnd) {
    std::string nested = R"({"type":"NFC"})";
    for (int i = 0; i < 20'000; ++i) {
        nested = R"({"type":"Sequence","normalizers":[)" + nested + "]}";
    }
    write(R"({"model":{"type":"BPE","vocab":{},"merges":[]},"normalizer":)" + nested + "}");
    EXPECT_THAT(problem(), HasSubstr("nested too deeply"));
}

TEST_F(TokenizerFile, fallsBackToTheSentencepieceModelBesideIt) {
    writeChanged([](json& file) { file["model"]["type"] = "Unigram"; });
    EXPECT_NE(problem(ErrorCode::Unsupported), "");
    std::filesystem::copy(kGoldens / "small_spm/llama_like_unigram.model", m_folder / "spiece.model");
    EXPECT_EQ(problem(), "");
}

TEST_F(TokenizerFile, nameOfTheEndTokenComesFromTheSettingsBesideIt) {
    write(good());
    EXPECT_EQ(Tokenizer::open(m_folder)->eos(), 517); // <|end_of_text|>
    write(R"({"eos_token": "<|eot_id|>"})", "tokenizer_config.json");
    EXPECT_EQ(Tokenizer::open(m_folder)->eos(), 518);
    write(R"({"eos_token": {"content": "<|begin_of_text|>"}})", "tokenizer_config.json");
    EXPECT_EQ(Tokenizer::open(m_folder)->eos(), 516);
    EXPECT_EQ(Tokenizer::open(m_folder)->contentHash().size(), 16U);
}

TEST_F(TokenizerFile, textThatIsNotUtf8IsRefused) {
    write(good());
    const auto tokenizer = Tokenizer::open(m_folder);
    try {
        tokenizer->encode("abc\xC3", true);
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), AllOf(HasSubstr("byte 3"), HasSubstr("iconv")));
    }
}

} // namespace
} // namespace moescope
