#include <gtest/gtest.h>

#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include "ui/data/layer_routing.h"
#include "ui/pages/token_finder.h"
#include "ui/text/decoded_text.h"
#include "ui/text/paragraph_heights.h"
#include "ui/text/token_text_view.h"

namespace moescope {
namespace {

TokenTextPart part(TokenIndex first, const std::vector<std::string>& pieces, bool last) {
    TokenTextPart out;
    out.first = first;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        out.bytes += pieces[i];
        out.ends.push_back(std::uint32_t(out.bytes.size()));
        out.ids.push_back(std::int32_t(i));
        out.nll.push_back(1);
    }
    out.last = last;
    return out;
}

TEST(DecodedText, keepsTheByteOfEveryCharacter) {
    const DecodedText text = decode("a\xED\x95\x9C\xF0\x9F\x98\x80\xFF\n");
    EXPECT_EQ(text.text.size(), 6); // a, a Hangul syllable, two surrogates, a replacement, a mark
    EXPECT_EQ(text.byteOf, (std::vector<std::uint32_t>{0, 1, 4, 4, 8, 9, 10}));
    EXPECT_EQ(text.text.at(4), QChar(0xFFFD));
    EXPECT_EQ(text.text.at(5), QChar(0x21B5));
    EXPECT_EQ(visibleToken(" a\xED\x95"), QStringLiteral("␣a\\xED\\x95"));
}

TEST(TokenText, cutsParagraphsAtLinesAndDocuments) {
    TokenText text({{"one", "d", 0, 4}, {"two", "d", 4, 1}});
    text.append(part(0, {"ab", "c\n", "d"}, false));
    EXPECT_EQ(text.paragraphs().size(), 2U); // heading, first line; "d" may go on
    text.append(part(3, {"e", "f"}, true));
    ASSERT_EQ(text.paragraphs().size(), 5U);
    EXPECT_EQ(text.paragraphs()[0].kind, Paragraph::Kind::Heading);
    EXPECT_EQ(text.bytes().substr(text.paragraphs()[2].begin, text.paragraphs()[2].end - text.paragraphs()[2].begin),
              "de");
    EXPECT_EQ(text.paragraphs()[3].kind, Paragraph::Kind::Heading);
    EXPECT_EQ(text.tokenAt(2), 1);
    EXPECT_EQ(text.textOf(4), "f");
    EXPECT_EQ(text.paragraphOf(4), 4U);
}

TEST(TokenText, cutsOverlongLinesAtTokens) {
    TokenText text({{"one", "", 0, 1000}});
    text.append(part(0, std::vector<std::string>(1000, "12345"), true));
    for (const Paragraph& p : text.paragraphs()) {
        EXPECT_LE(p.end - p.begin, 1200U);
        EXPECT_EQ(p.end % 5, 0U);
    }
}

TEST(ParagraphHeights, findsWhatTheSumsSay) {
    ParagraphHeights heights;
    for (int i = 0; i < 2000; ++i) {
        heights.append(10);
    }
    heights.set(700, 110);
    EXPECT_DOUBLE_EQ(heights.total(), 20100);
    EXPECT_DOUBLE_EQ(heights.topOf(701), 7110);
    EXPECT_EQ(heights.at(7005), 700U);
    EXPECT_EQ(heights.at(7115), 701U);
    EXPECT_EQ(heights.at(1e9), 1999U);
}

class TokenTextViewTest : public ::testing::Test {
protected:
    void open(const std::vector<std::string>& pieces) {
        m_text = std::make_shared<TokenText>(std::vector<DocumentInfo>{{"doc", "", 0, TokenIndex(pieces.size())}});
        m_text->append(part(0, pieces, true));
        m_view.resize(500, 300);
        m_view.setText(m_text);
        m_view.show();
        QApplication::processEvents();
    }
    std::shared_ptr<TokenText> m_text;
    TokenTextView m_view;
};

TEST_F(TokenTextViewTest, clickHitsTheTokenDrawnThere) {
    open({"The", " quick", " brown", " fox\n", "jumps"});
    QSignalSpy activated(&m_view, &TokenTextView::tokenActivated);
    for (TokenIndex t = 0; t < 5; ++t) {
        const auto box = m_view.boxOf(t);
        ASSERT_TRUE(box);
        QTest::mouseClick(m_view.viewport(), Qt::LeftButton, {}, box->center().toPoint());
        ASSERT_EQ(activated.size(), int(t) + 1);
        EXPECT_EQ(m_view.current(), t);
    }
}

TEST_F(TokenTextViewTest, tokensOfOneCharacterShareItsWidth) {
    open({"\xED\x95", "\x9C", "a"});
    const auto first = m_view.boxOf(0), second = m_view.boxOf(1);
    ASSERT_TRUE(first && second);
    EXPECT_NEAR(first->right(), second->left(), 0.01);
    EXPECT_NEAR(first->width(), 2 * second->width(), 0.1); // two bytes against one
}

TEST_F(TokenTextViewTest, rightToLeftTextRunsLeftwards) {
    open({"\xD9\x83\xD8\xA7", "\xD9\x86\xD8\xAA"}); // two halves of an Arabic word
    const auto first = m_view.boxOf(0), second = m_view.boxOf(1);
    ASSERT_TRUE(first && second);
    EXPECT_GT(first->center().x(), second->center().x());
}

TEST_F(TokenTextViewTest, arrowsWalkTokensAndLines) {
    open({"one", " two\n", "three", " four"});
    m_view.setCurrent(0);
    QTest::keyClick(&m_view, Qt::Key_Right);
    EXPECT_EQ(m_view.current(), 1);
    QTest::keyClick(&m_view, Qt::Key_Left);
    QTest::keyClick(&m_view, Qt::Key_Down);
    EXPECT_EQ(m_view.current(), 2);
    QTest::keyClick(&m_view, Qt::Key_Up);
    EXPECT_EQ(m_view.current(), 0);
    QTest::keyClick(&m_view, Qt::Key_End, Qt::ControlModifier);
    EXPECT_EQ(m_view.current(), 3);
}

TEST_F(TokenTextViewTest, aMillionTokensScrollAndJump) {
    std::vector<std::string> pieces;
    pieces.reserve(1000000);
    for (int i = 0; i < 1000000; ++i) {
        pieces.push_back(i % 12 == 11 ? "end\n" : "word ");
    }
    open(pieces);
    m_view.setCurrent(900000);
    EXPECT_TRUE(m_view.boxOf(900000));
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 20; ++i) {
        m_view.verticalScrollBar()->setValue(m_view.verticalScrollBar()->maximum() / 21 * i);
        m_view.grab();
    }
    EXPECT_LT(timer.elapsed() / 20, 200); // far from every token having been laid out
}

TEST(TokenFinder, findsTextIdsAndExperts) {
    TokenText text({{"doc", "", 0, 5}});
    text.append(part(0, {"a", " cat", " sat", " on", " cat"}, true));
    LayerRouting routing(LayerId(0), 5);
    routing.append({LayerId(0), 0, 1, 4, {0, 1, 2, 1, 3}, {1, 1, 1, 1, 1}, {}});
    EXPECT_EQ(findToken(text, &routing, QStringLiteral("cat"), -1, 1), 1);
    EXPECT_EQ(findToken(text, &routing, QStringLiteral("cat"), 1, 1), 4);
    EXPECT_EQ(findToken(text, &routing, QStringLiteral("cat"), 4, 1), 1); // around the end
    EXPECT_EQ(findToken(text, &routing, QStringLiteral("#2"), 0, 1), 2);
    EXPECT_EQ(findToken(text, &routing, QStringLiteral("E1"), 1, 1), 3);
    EXPECT_EQ(findToken(text, &routing, QStringLiteral("E1"), 1, -1), 3);
    EXPECT_FALSE(findToken(text, &routing, QStringLiteral("dog"), 0, 1));
}

} // namespace
} // namespace moescope
