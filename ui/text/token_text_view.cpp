#include "ui/text/token_text_view.h"

#include <algorithm>
#include <cmath>

#include <QPainter>
#include <QScrollBar>

#include "ui/charts/number_format.h"
#include "ui/text/decoded_text.h"

namespace moescope {

namespace {
constexpr double kMargin = 18;
constexpr double kWidestText = 1180; // longer lines are tiring to read
constexpr double kHeadingHeight = 44;
constexpr int kCachedParagraphs = 1500;
} // namespace

TokenTextView::TokenTextView(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_layouts.setMaxCost(kCachedParagraphs);
    setAccessibleName(tr("Text of the run, coloured token by token"));
}

void TokenTextView::setText(std::shared_ptr<const TokenText> text) {
    m_text = std::move(text);
    m_heights.clear();
    m_layouts.clear();
    m_code.clear();
    m_current.reset();
    m_hovered.reset();
    verticalScrollBar()->setValue(0);
    textGrew();
}

void TokenTextView::textGrew() {
    if (m_text) {
        const auto& paragraphs = m_text->paragraphs();
        for (std::size_t i = m_heights.size(); i < paragraphs.size(); ++i) {
            m_heights.append(float(estimate(paragraphs[i])));
        }
    }
    updateScrollBar();
    viewport()->update();
}

void TokenTextView::setStyle(Style style) {
    m_style = std::move(style);
    viewport()->update();
}

void TokenTextView::setUseCodeFont(UseCodeFont useCodeFont) {
    m_useCodeFont = std::move(useCodeFont);
    m_code.clear();
    forgetLayouts();
}

void TokenTextView::setPointSize(double points) {
    m_points = std::clamp(points, 7.0, 28.0);
    forgetLayouts();
}

void TokenTextView::setPlaceholder(const QString& words) {
    m_placeholder = words;
    viewport()->update();
}

QFont TokenTextView::fontOf(const Paragraph& paragraph) const {
    const auto& documents = m_text->documents();
    const auto d = std::size_t(paragraph.document);
    const bool code = m_useCodeFont && d < documents.size() && m_useCodeFont(documents[d]);
    return code ? codeFont(m_points - 1) : textFont(m_points);
}

double TokenTextView::textWidth() const {
    return std::max(120.0, std::min(kWidestText, viewport()->width() - 2 * kMargin));
}

double TokenTextView::leftEdge() const {
    return std::max(kMargin, (viewport()->width() - textWidth()) / 2);
}

double TokenTextView::estimate(const Paragraph& paragraph) const {
    if (paragraph.kind == Paragraph::Kind::Heading) {
        return kHeadingHeight;
    }
    const double line = m_points * 2.55, perLine = textWidth() / (m_points * 0.75);
    return line * std::max(1.0, std::ceil(double(paragraph.end - paragraph.begin) / perLine));
}

const ParagraphLayout& TokenTextView::layoutOf(std::size_t paragraph) {
    ParagraphLayout* layout = m_layouts.object(paragraph);
    if (layout == nullptr) {
        const Paragraph& p = m_text->paragraphs()[paragraph];
        layout = new ParagraphLayout(*m_text, p, fontOf(p), textWidth(), themeOf(*this));
        m_layouts.insert(paragraph, layout);
        m_heights.set(paragraph, float(layout->height()));
    }
    return *layout;
}

double TokenTextView::heightOf(std::size_t paragraph) {
    return m_text->paragraphs()[paragraph].kind == Paragraph::Kind::Heading ? kHeadingHeight
                                                                            : layoutOf(paragraph).height();
}

void TokenTextView::forgetLayouts() {
    if (!m_text || m_heights.size() == 0) {
        return;
    }
    const double y = verticalScrollBar()->value();
    const std::size_t anchor = m_heights.at(y);
    const double part = (y - m_heights.topOf(anchor)) / std::max(1.0F, m_heights.heightOf(anchor));
    m_layouts.clear();
    m_heights.clear();
    textGrew();
    verticalScrollBar()->setValue(int(m_heights.topOf(anchor) + part * m_heights.heightOf(anchor)));
}

int TokenTextView::scrollRange() const {
    return std::max(0, int(m_heights.total() + 2 * kMargin) - viewport()->height());
}

void TokenTextView::updateScrollBar() {
    verticalScrollBar()->setRange(0, scrollRange());
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(int(m_points * 2.5));
}

std::vector<TokenTextView::Placed> TokenTextView::placed() {
    std::vector<Placed> out;
    if (!m_text || m_heights.size() == 0) {
        return out;
    }
    const double y = verticalScrollBar()->value() - kMargin;
    std::size_t i = m_heights.at(std::max(0.0, y));
    double top = m_heights.topOf(i) - y;
    for (; i < m_heights.size() && top < viewport()->height(); ++i) {
        const double height = heightOf(i); // may correct the guess below, never above what is on view
        out.push_back({i, top});
        top += height;
    }
    if (verticalScrollBar()->maximum() != scrollRange()) {
        QMetaObject::invokeMethod(this, &TokenTextView::updateScrollBar, Qt::QueuedConnection);
    }
    return out;
}

void TokenTextView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme& theme = themeOf(*this);
    if (!m_text || m_text->tokens() == 0) {
        painter.setPen(theme.mutedText);
        painter.drawText(viewport()->rect().adjusted(40, 0, -40, 0), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
        return;
    }
    for (const Placed& p : placed()) {
        const Paragraph& paragraph = m_text->paragraphs()[p.paragraph];
        if (paragraph.kind == Paragraph::Kind::Heading) {
            paintHeading(painter, paragraph, p.top, kHeadingHeight);
            continue;
        }
        const ParagraphLayout& layout = layoutOf(p.paragraph);
        const QPointF at(leftEdge(), p.top);
        paintGrounds(painter, layout, at);
        painter.setPen(theme.text);
        layout.draw(painter, at);
        paintMarks(painter, layout, at);
    }
}

void TokenTextView::paintHeading(QPainter& painter, const Paragraph& paragraph, double top, double height) {
    const DocumentInfo& document = m_text->documents()[std::size_t(paragraph.document)];
    const Theme& theme = themeOf(*this);
    const QRectF row(leftEdge(), top + 10, textWidth(), height - 16);
    painter.setFont(titleFont());
    painter.setPen(theme.text);
    const QString name = QString::fromStdString(document.name);
    const double room = row.width() * 0.6;
    const QString shown = painter.fontMetrics().elidedText(name, Qt::ElideMiddle, int(room));
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, shown);
    painter.setFont(textFont(9));
    painter.setPen(theme.faintText);
    const QString facts =
        document.domain.empty()
            ? tr("%1 tokens").arg(count(document.tokens))
            : tr("%1 · %2 tokens").arg(QString::fromStdString(document.domain), count(document.tokens));
    painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, facts);
    painter.setPen(QPen(theme.border, 1));
    painter.drawLine(row.bottomLeft(), row.bottomRight());
}

void TokenTextView::paintGrounds(QPainter& painter, const ParagraphLayout& layout, QPointF at) {
    if (!m_style) {
        return;
    }
    painter.setPen(Qt::NoPen);
    TokenIndex styled = -1;
    TokenStyle style;
    for (const TokenBox& box : layout.boxes()) {
        if (box.token != styled) {
            style = m_style(box.token);
            styled = box.token;
        }
        if (style.ground.isValid() && box.box.width() > 0) {
            painter.setBrush(style.ground);
            painter.drawRoundedRect(box.box.translated(at).adjusted(0.4, -1.5, -0.4, 1.5), 2.5, 2.5);
        }
    }
}

void TokenTextView::paintMarks(QPainter& painter, const ParagraphLayout& layout, QPointF at) {
    const Theme& theme = themeOf(*this);
    for (const TokenBox& box : layout.boxes()) {
        const QRectF r = box.box.translated(at).adjusted(0, -2, 0, 2);
        const TokenStyle style = m_style ? m_style(box.token) : TokenStyle{};
        painter.setBrush(Qt::NoBrush);
        if (style.underline.isValid()) {
            painter.setPen(QPen(style.underline, 2));
            painter.drawLine(r.bottomLeft() + QPointF(1, -1), r.bottomRight() + QPointF(-1, -1));
        }
        if (style.struck) {
            painter.setPen(QPen(theme.lost, 1.5));
            painter.drawLine(QPointF(r.left(), r.center().y()), QPointF(r.right(), r.center().y()));
        }
        if (box.token == m_current) {
            painter.setPen(QPen(hasFocus() ? theme.accent : theme.text, 2));
            painter.drawRoundedRect(r.adjusted(-0.5, -0.5, 0.5, 0.5), 3, 3);
        } else if (box.token == m_hovered) {
            painter.setPen(QPen(theme.mutedText, 1));
            painter.drawRoundedRect(r, 3, 3);
        }
    }
}

std::optional<TokenIndex> TokenTextView::tokenAt(QPoint point) {
    for (const Placed& p : placed()) {
        if (m_text->paragraphs()[p.paragraph].kind == Paragraph::Kind::Heading) {
            continue;
        }
        const QPointF local = QPointF(point) - QPointF(leftEdge(), p.top);
        for (const TokenBox& box : layoutOf(p.paragraph).boxes()) {
            if (box.box.adjusted(0, -4, 0, 4).contains(local)) {
                return box.token;
            }
        }
    }
    return std::nullopt;
}

std::optional<QRectF> TokenTextView::boxOf(TokenIndex token) {
    for (const Placed& p : placed()) {
        if (m_text->paragraphs()[p.paragraph].kind == Paragraph::Kind::Heading) {
            continue;
        }
        for (const TokenBox& box : layoutOf(p.paragraph).boxes()) {
            if (box.token == token) {
                return box.box.translated(leftEdge(), p.top);
            }
        }
    }
    return std::nullopt;
}

std::pair<TokenIndex, TokenIndex> TokenTextView::visibleTokens() {
    TokenIndex first = 0, end = 0;
    for (const Placed& p : placed()) {
        const Paragraph& paragraph = m_text->paragraphs()[p.paragraph];
        if (paragraph.kind == Paragraph::Kind::Text) {
            first = end == 0 ? m_text->tokenAt(paragraph.begin) : first;
            end = m_text->tokenAt(paragraph.end - 1) + 1;
        }
    }
    return {first, end};
}

void TokenTextView::setCurrent(std::optional<TokenIndex> token, bool scroll) {
    m_current = token && m_text && *token >= 0 && *token < m_text->tokens() ? token : std::nullopt;
    if (m_current && scroll) {
        scrollTo(*m_current);
    }
    if (m_current && hasFocus()) {
        setAccessibleDescription(m_toolTip ? plainText(m_toolTip(*m_current))
                                           : visibleToken(m_text->textOf(*m_current)));
    }
    viewport()->update();
}

void TokenTextView::scrollTo(TokenIndex token) {
    if (const auto box = boxOf(token); box && box->top() >= 4 && box->bottom() <= viewport()->height() - 4) {
        return;
    }
    const std::size_t paragraph = m_text->paragraphOf(token);
    double inside = 0;
    heightOf(paragraph);
    if (m_text->paragraphs()[paragraph].kind == Paragraph::Kind::Text) {
        for (const TokenBox& box : layoutOf(paragraph).boxes()) {
            if (box.token == token) {
                inside = box.box.top();
                break;
            }
        }
    }
    updateScrollBar();
    verticalScrollBar()->setValue(int(m_heights.topOf(paragraph) + kMargin + inside - viewport()->height() * 0.35));
}

void TokenTextView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    forgetLayouts();
    updateScrollBar();
}

void TokenTextView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_layouts.clear();
        viewport()->update();
    }
}

} // namespace moescope
