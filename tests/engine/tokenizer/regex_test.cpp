#include "engine/tokenizer/regex.h"

#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "engine/tokenizer/text_pattern.h"

namespace moescope {
namespace {

std::string firstMatch(const std::string& pattern, const std::string& text) {
    Regex::Match match;
    return Regex(pattern).find(text, 0, match) ? text.substr(match.begin, match.end - match.begin) : "none";
}

TEST(Regex, spacesAreThoseOfUnicodeToday) {
    EXPECT_EQ(firstMatch(R"(\s+)", "a \t\xC2\xA0\xE3\x80\x80z"), " \t\xC2\xA0\xE3\x80\x80");
    EXPECT_EQ(firstMatch(R"(\s)", "\xE1\xA0\x8E"), "none"); // U+180E
    EXPECT_EQ(firstMatch(R"(\S)", "\xE1\xA0\x8E"), "\xE1\xA0\x8E");
    EXPECT_EQ(firstMatch(R"([\S])", " \xE1\xA0\x8E"), "\xE1\xA0\x8E");
    EXPECT_EQ(firstMatch(R"([^\S])", "a b"), " ");
    EXPECT_EQ(firstMatch(R"([^\s\p{L}]+)", " ab!?c"), "!?");
}

TEST(Regex, wordsAreThoseOfOniguruma) {
    EXPECT_EQ(firstMatch(R"(\w+)", "-e\xCC\x81t\xC3\xA9_9-"), "e\xCC\x81t\xC3\xA9_9"); // with a combining accent
    EXPECT_EQ(firstMatch(R"(\W+)", "ab, cd"), ", ");
    EXPECT_EQ(firstMatch("\\u0041", "xA"), "A");
}

TEST(Regex, translatesOnlyWhatDiffers) {
    EXPECT_EQ(Regex::translate(R"([]a\]\\-])"), R"([]a\]\\-])");
    EXPECT_EQ(Regex::translate(R"([^][:alpha:]x])"), R"([^][:alpha:]x])");
    EXPECT_EQ(Regex::translate(R"(\\s\p{Lu})"), R"(\\s\p{Lu})");
    EXPECT_THROW(Regex::translate("[a[bc]]"), Error);
    EXPECT_THROW(Regex::translate("[a-z&&[^b]]"), Error);
    EXPECT_THROW(Regex("(unclosed"), Error);
    EXPECT_THROW(Regex("\\"), Error);
}

// Long runs must neither overflow a stack nor take quadratic time.
TEST(Regex, longRunsAreMatched) {
    const std::string spaces(1 << 20, ' ');
    EXPECT_EQ(firstMatch(R"(\s*[\r\n]+|\s+(?!\S)|\s+)", spaces).size(), spaces.size());
    EXPECT_EQ(firstMatch(R"((?:a|b)+)", std::string(1 << 20, 'a')).size(), std::size_t(1) << 20);
}

TEST(TextPattern, replacesEveryMatchOnce) {
    const auto replaced = [](TextPattern pattern, std::string text, const char* content) {
        pattern.replaceAll(text, content);
        return text;
    };
    EXPECT_EQ(replaced(TextPattern(std::string("aa")), "aaaaa", "b"), "bba");
    EXPECT_EQ(replaced(TextPattern(std::string()), "abc", "-"), "abc");
    EXPECT_EQ(replaced(TextPattern(Regex("[0-9]+")), "a12b3", "#"), "a#b#");
    EXPECT_EQ(replaced(TextPattern(Regex("x*")), "axb", "-"), "-a--b");
    EXPECT_EQ(replaced(TextPattern(std::string("a")), "", "b"), "");
}

} // namespace
} // namespace moescope
