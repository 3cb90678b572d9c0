// What mouse and keyboard do in the text.
#include <algorithm>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include "ui/text/token_text_view.h"

namespace moescope {

void TokenTextView::walk(TokenIndex to) {
    const TokenIndex token = std::clamp<TokenIndex>(to, 0, m_text->tokens() - 1);
    setCurrent(token);
    Q_EMIT tokenActivated(token);
}

void TokenTextView::walkLine(int direction) {
    const auto here = m_current ? boxOf(*m_current) : std::nullopt;
    if (!here) {
        return walk(visibleTokens().first);
    }
    double best = 1e18;
    std::optional<TokenIndex> next;
    for (const Placed& p : placed()) {
        if (m_text->paragraphs()[p.paragraph].kind == Paragraph::Kind::Heading) {
            continue;
        }
        for (const TokenBox& box : layoutOf(p.paragraph).boxes()) {
            const QRectF r = box.box.translated(leftEdge(), p.top);
            const double down = (r.center().y() - here->center().y()) * direction;
            const double across = std::max({0.0, r.left() - here->center().x(), here->center().x() - r.right()});
            if (down > here->height() * 0.5 && down * 40 + across < best) {
                best = down * 40 + across;
                next = box.token;
            }
        }
    }
    if (next) {
        walk(*next);
    } else {
        verticalScrollBar()->setValue(verticalScrollBar()->value() + direction * verticalScrollBar()->singleStep());
    }
}

void TokenTextView::keyPressEvent(QKeyEvent* event) {
    if (!m_text || m_text->tokens() == 0) {
        return QAbstractScrollArea::keyPressEvent(event);
    }
    const TokenIndex at = m_current.value_or(visibleTokens().first - 1);
    const bool control = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
    case Qt::Key_Right:
        return walk(at + 1);
    case Qt::Key_Left:
        return walk(at - 1);
    case Qt::Key_Down:
        return walkLine(1);
    case Qt::Key_Up:
        return walkLine(-1);
    case Qt::Key_Home:
        return control ? walk(0) : walk(visibleTokens().first);
    case Qt::Key_End:
        return control ? walk(m_text->tokens() - 1) : walk(visibleTokens().second - 1);
    case Qt::Key_PageDown:
        return verticalScrollBar()->triggerAction(QScrollBar::SliderPageStepAdd);
    case Qt::Key_PageUp:
        return verticalScrollBar()->triggerAction(QScrollBar::SliderPageStepSub);
    case Qt::Key_N:
        return void(Q_EMIT nextWanted(event->modifiers() & Qt::ShiftModifier ? -1 : 1));
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void TokenTextView::wheelEvent(QWheelEvent* event) {
    if (event->modifiers() & Qt::ControlModifier) {
        setPointSize(m_points + (event->angleDelta().y() > 0 ? 0.5 : -0.5));
        return event->accept();
    }
    QAbstractScrollArea::wheelEvent(event);
}

bool TokenTextView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        m_hovered.reset();
        viewport()->update();
    }
    if (event->type() != QEvent::ToolTip) {
        return QAbstractScrollArea::viewportEvent(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto token = m_text ? tokenAt(help->pos()) : std::nullopt;
    if (token && m_toolTip) {
        QToolTip::showText(help->globalPos(), m_toolTip(*token), this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

void TokenTextView::mousePressEvent(QMouseEvent* event) {
    const auto token = m_text && event->button() == Qt::LeftButton ? tokenAt(event->pos()) : std::nullopt;
    if (token) {
        setCurrent(token, false);
        Q_EMIT tokenActivated(*token);
    }
}

void TokenTextView::mouseMoveEvent(QMouseEvent* event) {
    const auto token = m_text ? tokenAt(event->pos()) : std::nullopt;
    if (token != m_hovered) {
        m_hovered = token;
        viewport()->update();
        if (token) {
            Q_EMIT tokenHovered(*token);
        }
    }
}

} // namespace moescope
