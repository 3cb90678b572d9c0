#include "db/text.h"

#include <gtest/gtest.h>

namespace moescope {
namespace {

TEST(PrintableUtf8, KeepsWhatIsValid) {
    const std::string text = "a\n\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80 \xED\x95\x9C";
    EXPECT_EQ(printableUtf8(text), text);
    EXPECT_EQ(printableUtf8(std::string("\0x", 2)), std::string("\0x", 2));
}

TEST(PrintableUtf8, SpellsOutWhatIsNot) {
    EXPECT_EQ(printableUtf8("\xE2\x82"), "\\xe2\\x82");                   // cut off
    EXPECT_EQ(printableUtf8("a\xFFz"), "a\\xffz");                        // never valid
    EXPECT_EQ(printableUtf8("\xC0\xAF"), "\\xc0\\xaf");                   // overlong
    EXPECT_EQ(printableUtf8("\xED\xA0\x80"), "\\xed\\xa0\\x80");          // surrogate
    EXPECT_EQ(printableUtf8("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"); // beyond U+10FFFF
    EXPECT_EQ(printableUtf8("\x80\xC3\xA9"), "\\x80\xC3\xA9");
}

} // namespace
} // namespace moescope
