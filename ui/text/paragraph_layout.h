#pragma once

#include <memory>
#include <vector>

#include <QFont>
#include <QRectF>
#include <QTextLayout>

#include "ui/charts/theme.h"
#include "ui/text/token_text.h"

namespace moescope {

// A piece of a token on one line. A token has several where it wraps or where writing changes direction.
struct TokenBox {
    TokenIndex token = 0;
    int line = 0;
    QRectF box;
};

// A paragraph shaped and broken into lines, with the boxes of its tokens. Shaping sees the whole paragraph, so Arabic
// joins and CJK composes across tokens; a character that several tokens share is divided among them by bytes.
class ParagraphLayout {
public:
    ParagraphLayout(const TokenText& text, const Paragraph& paragraph, const QFont& font, double width,
                    const Theme& theme);

    double height() const { return m_height; }
    const std::vector<TokenBox>& boxes() const { return m_boxes; }
    void draw(QPainter& painter, QPointF at) const { m_layout->draw(&painter, at); }
    int lines() const { return m_layout->lineCount(); }

private:
    void breakLines(double width);
    void measure(const TokenText& text, const Paragraph& paragraph, const std::vector<std::uint32_t>& byteOf);
    void add(TokenIndex token, int line, const QRectF& box);

    std::unique_ptr<QTextLayout> m_layout;
    std::vector<TokenBox> m_boxes;
    double m_height = 0;
};

} // namespace moescope
