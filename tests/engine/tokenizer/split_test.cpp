#include "engine/tokenizer/split.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/tokenizer/json_node.h"

namespace moescope {
namespace {

using Pieces = std::vector<std::string>;

PieceList wholeText(const std::string& text) {
    return {text, {{0, text.size()}}, true};
}

Pieces piecesOf(const PieceList& list) {
    Pieces pieces;
    for (const auto& range : list.pieces) {
        pieces.emplace_back(list.view(range));
    }
    return pieces;
}

Pieces split(const std::string& text, const char* pattern, SplitBehavior behavior,
             SplitSense sense = SplitSense::OnMatches) {
    PieceList list = wholeText(text);
    Split(TextPattern(Regex(pattern)), behavior, sense).apply(list);
    return piecesOf(list);
}

Pieces preTokenize(const std::string& text, const nlohmann::json& step) {
    PieceList list = wholeText(text);
    makePreTokenization(JsonNode(step, "test")).steps->apply(list);
    return piecesOf(list);
}

// The example of the format's documentation.
TEST(Split, behavesAsNamed) {
    const std::string text = "the-final--countdown";
    EXPECT_EQ(split(text, "-", SplitBehavior::Isolated), (Pieces{"the", "-", "final", "-", "-", "countdown"}));
    EXPECT_EQ(split(text, "-", SplitBehavior::Removed), (Pieces{"the", "final", "countdown"}));
    EXPECT_EQ(split(text, "-", SplitBehavior::MergedWithPrevious), (Pieces{"the-", "final-", "-", "countdown"}));
    EXPECT_EQ(split(text, "-", SplitBehavior::MergedWithNext), (Pieces{"the", "-final", "-", "-countdown"}));
    EXPECT_EQ(split(text, "-", SplitBehavior::Contiguous), (Pieces{"the", "-", "final", "--", "countdown"}));
}

TEST(Split, atTheEndsAndInverted) {
    EXPECT_EQ(split("-a-", "-", SplitBehavior::MergedWithPrevious), (Pieces{"-", "a-"}));
    EXPECT_EQ(split("-a-", "-", SplitBehavior::MergedWithNext), (Pieces{"-a", "-"}));
    EXPECT_EQ(split("---", "-", SplitBehavior::Removed), Pieces{});
    EXPECT_EQ(split("ab 12", "[a-z]+", SplitBehavior::Removed, SplitSense::OnGaps), Pieces{"ab"});
    EXPECT_EQ(split("abc", "x*", SplitBehavior::Isolated), Pieces{"abc"});
}

TEST(PreTokenizers, digitsAloneOrInRuns) {
    EXPECT_EQ(preTokenize("a12b", {{"type", "Digits"}, {"individual_digits", true}}), (Pieces{"a", "1", "2", "b"}));
    EXPECT_EQ(preTokenize("a12b", {{"type", "Digits"}, {"individual_digits", false}}), (Pieces{"a", "12", "b"}));
}

TEST(PreTokenizers, wordsAndSigns) {
    EXPECT_EQ(preTokenize("Hey, you_2!?", {{"type", "Whitespace"}}), (Pieces{"Hey", ",", "you_2", "!?"}));
    EXPECT_EQ(preTokenize(" a  b\n", {{"type", "WhitespaceSplit"}}), (Pieces{"a", "b"}));
    EXPECT_EQ(preTokenize("a,$b", {{"type", "Punctuation"}}), (Pieces{"a", ",", "$", "b"}));
    EXPECT_EQ(preTokenize("a|b||", {{"type", "CharDelimiterSplit"}, {"delimiter", "|"}}), (Pieces{"a", "b"}));
}

TEST(PreTokenizers, metaspaceMarksSpaces) {
    const std::string mark = "\xE2\x96\x81";
    EXPECT_EQ(preTokenize("a  b", {{"type", "Metaspace"}, {"replacement", mark}, {"prepend_scheme", "always"}}),
              (Pieces{mark + "a", mark, mark + "b"}));
    EXPECT_EQ(preTokenize("a b", {{"type", "Metaspace"}, {"replacement", mark}, {"add_prefix_space", false}}),
              (Pieces{"a", mark + "b"}));
    EXPECT_EQ(preTokenize("a b", {{"type", "Metaspace"}, {"prepend_scheme", "first"}, {"split", false}}),
              Pieces{mark + "a" + mark + "b"});
}

// Only a ByteLevel at the end may leave its bytes to the model.
TEST(PreTokenizers, stepsAfterByteLevelSeeItsAlphabet) {
    const nlohmann::json bytes = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
    const nlohmann::json digits = {{"type", "Digits"}, {"individual_digits", true}};
    const nlohmann::json last = {{"type", "Sequence"}, {"pretokenizers", {digits, bytes}}};
    const nlohmann::json first = {{"type", "Sequence"}, {"pretokenizers", {bytes, digits}}};
    EXPECT_TRUE(makePreTokenization(JsonNode(last, "test")).modelReadsBytes);
    EXPECT_FALSE(makePreTokenization(JsonNode(first, "test")).modelReadsBytes);
    EXPECT_EQ(preTokenize("a 1", first), (Pieces{"a\xC4\xA0", "1"}));
}

} // namespace
} // namespace moescope
