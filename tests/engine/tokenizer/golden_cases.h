#pragma once

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace moescope {

inline std::filesystem::path tokenizerGoldens() {
    return std::filesystem::path(MOESCOPE_SOURCE_DIR) / "tests/golden/tokenizers";
}

inline std::vector<nlohmann::json> readCases(const std::filesystem::path& file) {
    std::vector<nlohmann::json> cases;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        cases.push_back(nlohmann::json::parse(line));
    }
    return cases;
}

// The cases of NAME.jsonl: what a text encodes to, with and without special tokens, and what that decodes to.
inline void expectEncodes(const Tokenizer& tokenizer, const std::filesystem::path& file) {
    using Ids = std::vector<std::int32_t>;
    const auto cases = readCases(file);
    EXPECT_GT(cases.size(), 100U);
    for (const auto& expected : cases) {
        const auto text = expected.at("text").get<std::string>();
        const auto ids = expected.at("ids").get<Ids>();
        ASSERT_EQ(tokenizer.encode(text, false), ids) << "case " << expected.at("id") << ": " << text.substr(0, 200);
        ASSERT_EQ(tokenizer.encode(text, true), expected.at("ids_special").get<Ids>()) << "case " << expected.at("id");
        ASSERT_EQ(tokenizer.decode(ids, false), expected.at("decoded").get<std::string>())
            << "case " << expected.at("id");
    }
}

// The cases of NAME.decode.jsonl: what any ids decode to.
inline void expectDecodes(const Tokenizer& tokenizer, const std::filesystem::path& file) {
    const auto cases = readCases(file);
    EXPECT_GT(cases.size(), 20U);
    for (const auto& expected : cases) {
        const auto ids = expected.at("ids").get<std::vector<std::int32_t>>();
        ASSERT_EQ(tokenizer.decode(ids, false), expected.at("decoded").get<std::string>()) << expected.at("ids");
        ASSERT_EQ(tokenizer.decode(ids, true), expected.at("decoded_skip_special").get<std::string>())
            << expected.at("ids");
    }
}

} // namespace moescope
