#include "analysis/token_class.h"

#include <gtest/gtest.h>

#include "analysis/utf8.h"

namespace moescope {
namespace {

TEST(TokenClass, GoesByTheBytes) {
    EXPECT_EQ(classOf("  \n"), TokenClass::Space);
    EXPECT_EQ(classOf(" the"), TokenClass::WordStart);
    EXPECT_EQ(classOf("ing"), TokenClass::WordPart);
    EXPECT_EQ(classOf(" \xC3\xBC"
                      "ber"),
              TokenClass::WordStart);
    EXPECT_EQ(classOf(" 3.14"), TokenClass::Number);
    EXPECT_EQ(classOf("."), TokenClass::Punctuation);
    EXPECT_EQ(classOf(" ::"), TokenClass::Punctuation);
    EXPECT_EQ(classOf("\xED\x95\x9C"), TokenClass::OtherScript);
    EXPECT_EQ(classOf("\xED\x95"), TokenClass::Fragment);
    EXPECT_EQ(classOf(" Then"), TokenClass::Capitalised);
    EXPECT_EQ(classOf("NATO"), TokenClass::Capitalised);
    EXPECT_EQ(classOf("x1"), TokenClass::Identifier);
    EXPECT_EQ(classOf("_count"), TokenClass::Identifier);
    EXPECT_EQ(classOf(" getName"), TokenClass::Identifier);
    EXPECT_EQ(classOf("a+b"), TokenClass::Other);
    EXPECT_EQ(classOf(""), TokenClass::Other);
    EXPECT_EQ(kTokenClassNames[std::size_t(TokenClass::Fragment)], "fragment");
}

TEST(NextUtf8, TellsValidFromInvalid) {
    EXPECT_EQ(nextUtf8("a").code, U'a');
    EXPECT_EQ(nextUtf8("\xF0\x9F\x99\x82").code, U'\U0001F642');
    EXPECT_EQ(nextUtf8("\xF0\x9F\x99\x82").bytes, 4U);
    for (const char* bad :
         {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xFF"}) {
        EXPECT_FALSE(nextUtf8(bad).valid);
        EXPECT_EQ(nextUtf8(bad).bytes, 1U);
    }
}

} // namespace
} // namespace moescope
