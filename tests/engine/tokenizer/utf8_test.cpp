#include "engine/tokenizer/utf8.h"

#include <gtest/gtest.h>

#include "engine/tokenizer/byte_alphabet.h"

namespace moescope {
namespace {

constexpr const char* kMark = "\xEF\xBF\xBD"; // U+FFFD

std::string marks(int count, const std::string& rest = {}) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += kMark;
    }
    return text + rest;
}

TEST(Utf8, everyCharacterReadsBack) {
    for (char32_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 97) {
        if (c >= 0xD800 && c < 0xE000) {
            continue;
        }
        std::string text;
        utf8::append(text, c);
        ASSERT_EQ(utf8::findInvalid(text), utf8::kValid);
        ASSERT_EQ(utf8::decodeAt(text, 0), c);
        ASSERT_EQ(utf8::lengthAt(static_cast<unsigned char>(text[0])), text.size());
    }
}

TEST(Utf8, illFormedTextIsFound) {
    EXPECT_EQ(utf8::findInvalid("12345678\xC0\x80"), 8U);     // overlong
    EXPECT_EQ(utf8::findInvalid("a\xED\xA0\x80"), 1U);        // surrogate
    EXPECT_EQ(utf8::findInvalid("\xF4\x90\x80\x80"), 0U);     // beyond U+10FFFF
    EXPECT_EQ(utf8::findInvalid("\xE4\xB8\xAD\xE4\xB8"), 3U); // cut off
    EXPECT_EQ(utf8::findInvalid("\x80"), 0U);
}

// Examples of the Unicode standard, section 3.9.
TEST(Utf8, maximalPartsAreReplaced) {
    EXPECT_EQ(utf8::replaceInvalid("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), marks(8, "A"));
    EXPECT_EQ(utf8::replaceInvalid("\xED\xA0\x80\x41"), marks(3, "A"));
    EXPECT_EQ(utf8::replaceInvalid("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), marks(5, "A") + marks(2, "B"));
    EXPECT_EQ(utf8::replaceInvalid("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), marks(4, "A"));
}

TEST(Utf8, aBeginningIsNotComplete) {
    EXPECT_EQ(utf8::completePrefix("a\xF0\x9F\x98"), 1U);
    EXPECT_EQ(utf8::completePrefix("a\xF0\x9F\x98\x80"), 5U);
    EXPECT_EQ(utf8::completePrefix("a\xE4"), 1U);
    EXPECT_EQ(utf8::completePrefix("a\xFF"), 2U);
    EXPECT_EQ(utf8::completePrefix(""), 0U);
}

TEST(ByteAlphabet, everyByteReadsBack) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) {
        bytes += static_cast<char>(byte);
    }
    EXPECT_EQ(byte_alphabet::read(byte_alphabet::write(bytes)), bytes);
    EXPECT_EQ(byte_alphabet::write(" a\n"), "\xC4\xA0"
                                            "a\xC4\x8A");
    EXPECT_EQ(byte_alphabet::read("\xE4\xB8\xAD"), std::nullopt);
    EXPECT_EQ(byte_alphabet::read(" "), std::nullopt);
}

} // namespace
} // namespace moescope
