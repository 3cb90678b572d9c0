#include "engine/tokenizer/normalizers.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/tokenizer/json_node.h"

namespace moescope {
namespace {

using nlohmann::json;

std::string normalize(std::string text, const json& step) {
    makeNormalizer(JsonNode(step, "test"))->apply(text);
    return text;
}

TEST(Normalizers, unicodeForms) {
    EXPECT_EQ(normalize("e\xCC\x81", {{"type", "NFC"}}), "\xC3\xA9");
    EXPECT_EQ(normalize("\xC3\xA9", {{"type", "NFD"}}), "e\xCC\x81");
    EXPECT_EQ(normalize("\xEF\xAC\x81\xC2\xB2", {{"type", "NFKC"}}), "fi2");
    EXPECT_EQ(normalize("\xEF\xAC\x81\xC3\xA9", {{"type", "NFKD"}}), "fie\xCC\x81");
    EXPECT_EQ(normalize("plain", {{"type", "NFC"}}), "plain");
    EXPECT_EQ(normalize("", {{"type", "NFC"}}), "");
}

TEST(Normalizers, editText) {
    EXPECT_EQ(normalize("a b", {{"type", "Prepend"}, {"prepend", "_"}}), "_a b");
    EXPECT_EQ(normalize("", {{"type", "Prepend"}, {"prepend", "_"}}), "");
    EXPECT_EQ(normalize("a  b", {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "_"}}), "a__b");
    EXPECT_EQ(normalize("a  b", {{"type", "Replace"}, {"pattern", {{"Regex", " +"}}}, {"content", "_"}}), "a_b");
    EXPECT_EQ(normalize(" \xC2\xA0 a b\n", {{"type", "Strip"}, {"strip_left", true}, {"strip_right", true}}), "a b");
    EXPECT_EQ(normalize(" a ", {{"type", "Strip"}, {"strip_left", false}, {"strip_right", true}}), " a");
    EXPECT_EQ(normalize(" \t", {{"type", "Strip"}}), "");
    EXPECT_EQ(normalize("e\xCC\x81", {{"type", "StripAccents"}}), "e");
    EXPECT_EQ(normalize("\xC3\x84"
                        "BC",
                        {{"type", "Lowercase"}}),
              "\xC3\xA4"
              "bc");
    EXPECT_EQ(normalize(" \xC3\xA9", {{"type", "ByteLevel"}}), "\xC4\xA0\xC3\x83\xC2\xA9");
}

TEST(Normalizers, followOneAnother) {
    const json steps = {{"type", "Sequence"},
                        {"normalizers", {{{"type", "Lowercase"}}, {{"type", "Prepend"}, {"prepend", "X"}}}}};
    EXPECT_EQ(normalize("AB", steps), "Xab");
}

} // namespace
} // namespace moescope
