#include "ui/text/paragraph_layout.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>

#include "ui/text/decoded_text.h"

namespace moescope {

namespace {
constexpr double kLeading = 1.42; // line height over font height: room between rows of coloured tokens
}

ParagraphLayout::ParagraphLayout(const TokenText& text, const Paragraph& paragraph, const QFont& font, double width,
                                 const Theme& theme) {
    const DecodedText decoded = decode(text.bytes().substr(paragraph.begin, paragraph.end - paragraph.begin));
    m_layout = std::make_unique<QTextLayout>(decoded.text, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(Qt::LayoutDirectionAuto);
    option.setTabStopDistance(QFontMetricsF(font).horizontalAdvance(QLatin1Char(' ')) * 4);
    option.setFlags(QTextOption::IncludeTrailingSpaces);
    m_layout->setTextOption(option);
    if (decoded.text.endsWith(QChar(0x21B5))) {
        QTextLayout::FormatRange mark;
        mark.start = int(decoded.text.size()) - 1;
        mark.length = 1;
        mark.format.setForeground(mix(theme.faintText, theme.surface, 0.35));
        m_layout->setFormats({mark});
    }
    breakLines(width);
    measure(text, paragraph, decoded.byteOf);
}

void ParagraphLayout::breakLines(double width) {
    m_layout->beginLayout();
    double y = 0;
    for (QTextLine line = m_layout->createLine(); line.isValid(); line = m_layout->createLine()) {
        line.setLineWidth(width);
        const double tall = std::ceil(line.height() * kLeading);
        line.setPosition(QPointF(0, y + (tall - line.height()) / 2));
        y += tall;
    }
    m_layout->endLayout();
    m_height = y;
}

void ParagraphLayout::add(TokenIndex token, int line, const QRectF& box) {
    if (!m_boxes.empty()) {
        TokenBox& last = m_boxes.back();
        const bool touches =
            std::abs(last.box.right() - box.left()) < 0.6 || std::abs(box.right() - last.box.left()) < 0.6;
        if (last.token == token && last.line == line && touches) {
            last.box = last.box.united(box);
            return;
        }
    }
    m_boxes.push_back({token, line, box});
}

void ParagraphLayout::measure(const TokenText& text, const Paragraph& paragraph,
                              const std::vector<std::uint32_t>& byteOf) {
    const QString shown = m_layout->text();
    TokenIndex token = text.tokenAt(paragraph.begin);
    for (int l = 0; l < m_layout->lineCount(); ++l) {
        const QTextLine line = m_layout->lineAt(l);
        const QRectF row = line.rect();
        for (int i = line.textStart(); i < line.textStart() + line.textLength(); ++i) {
            if (shown[i].isLowSurrogate()) {
                continue;
            }
            const int after = shown[i].isHighSurrogate() ? i + 2 : i + 1;
            const double x0 = line.cursorToX(i, QTextLine::Leading), x1 = line.cursorToX(i, QTextLine::Trailing);
            const std::size_t begin = paragraph.begin + byteOf[std::size_t(i)],
                              end = paragraph.begin + byteOf[std::size_t(after)];
            for (std::size_t byte = begin; byte < end;) {
                while (text.endOf(token) <= byte && token + 1 < text.tokens()) {
                    ++token;
                }
                const std::size_t stop = std::max(byte + 1, std::min(end, text.endOf(token)));
                const double from = x0 + (x1 - x0) * double(byte - begin) / double(end - begin);
                const double to = x0 + (x1 - x0) * double(stop - begin) / double(end - begin);
                add(token, l, QRectF(std::min(from, to), row.top(), std::abs(to - from), row.height()));
                byte = stop;
            }
        }
    }
}

} // namespace moescope
