#include "ui/pages/ink_legend.h"

#include <algorithm>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace moescope {

namespace {
constexpr double kHeight = 20, kGap = 3, kLeft = 52, kNarrowest = 9, kWidest = 30, kRow = 13;
}

InkLegend::InkLegend(QWidget* parent) : QWidget(parent) {
    setFont(textFont(8.5));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(int(kHeight) + 2);
    setAccessibleName(tr("What the colours mean"));
}

void InkLegend::setKey(InkKey key) {
    m_key = std::move(key);
    setToolTip(m_key.chips.empty() || m_key.chips.front().expert < 0
                   ? QString()
                   : tr("Click an expert to see its tokens only; N steps through them"));
    m_cursor = std::min(m_cursor, m_key.chips.empty() ? 0 : m_key.chips.size() - 1);
    setFocusPolicy(hasExperts() ? Qt::StrongFocus : Qt::NoFocus);
    fitHeight();
    update();
}

QSize InkLegend::sizeHint() const {
    return {400, height()};
}

int InkLegend::chipsInRow() const {
    const int fit = std::max(1, int((width() - kLeft - 8) / kNarrowest));
    return std::min(fit, int(m_key.chips.size()));
}

void InkLegend::fitHeight() {
    const int rows = hasExperts() ? (int(m_key.chips.size()) + chipsInRow() - 1) / chipsInRow() : 1;
    setFixedHeight(rows > 1 ? int(rows * kRow) + 2 : int(kHeight) + 2);
}

void InkLegend::resizeEvent(QResizeEvent*) {
    fitHeight();
}

QRectF InkLegend::chipBox(std::size_t index) const {
    const QFontMetricsF metrics(font());
    if (hasExperts()) {
        const int row = chipsInRow();
        const double w = std::clamp((width() - kLeft - 8) / double(row), kNarrowest, kWidest);
        const double x = kLeft + double(int(index) % row) * w, wide = w - std::min(kGap, w * 0.15);
        return std::size_t(row) < m_key.chips.size() ? QRectF(x, 1 + double(int(index) / row) * kRow, wide, kRow - 2)
                                                     : QRectF(x, 1, wide, kHeight);
    }
    double x = 0;
    for (std::size_t i = 0; i < index; ++i) {
        x += metrics.horizontalAdvance(m_key.chips[i].name) + 40;
    }
    return {x, 4, 20, kHeight - 6};
}

void InkLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme& theme = themeOf(*this);
    const QFontMetricsF metrics(font());
    if (m_key.scale) {
        const double left = metrics.horizontalAdvance(m_key.name) + 14 + metrics.horizontalAdvance(m_key.low);
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF(0, 0, left - 6, kHeight), Qt::AlignVCenter | Qt::AlignLeft,
                         m_key.name + QStringLiteral("  ") + m_key.low);
        for (int i = 0; i < 64; ++i) {
            painter.fillRect(QRectF(left + i * 2.5, 4, 3.1, kHeight - 8),
                             groundOf(m_key.scale->colorAt((i + 0.5) / 64, theme), theme));
        }
        painter.drawText(QRectF(left + 168, 0, 100, kHeight), Qt::AlignVCenter | Qt::AlignLeft, m_key.high);
        return;
    }
    if (m_key.chips.empty()) {
        return;
    }
    const bool experts = hasExperts();
    painter.setPen(theme.mutedText);
    if (experts) {
        painter.drawText(QRectF(0, 0, 50, kHeight), Qt::AlignVCenter | Qt::AlignLeft, tr("Expert"));
    }
    for (std::size_t i = 0; i < m_key.chips.size(); ++i) {
        const InkKey::Chip& chip = m_key.chips[i];
        const QRectF box = chipBox(i);
        painter.setPen(Qt::NoPen);
        painter.setBrush(chip.color);
        painter.drawRoundedRect(box, 3, 3);
        painter.setPen(experts ? readableOn(chip.color) : theme.mutedText);
        if (!experts) {
            painter.drawText(QRectF(box.right() + 6, 0, 300, kHeight + 2), Qt::AlignVCenter | Qt::AlignLeft, chip.name);
        } else if (metrics.horizontalAdvance(chip.name) < box.width() - 1) {
            painter.drawText(box, Qt::AlignCenter, chip.name);
        }
    }
    if (experts && hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(chipBox(m_cursor).adjusted(-0.5, 0, 0.5, 0), 3, 3);
    }
}

void InkLegend::moveCursor(std::size_t to) {
    m_cursor = to;
    setAccessibleDescription(tr("Expert %1").arg(m_key.chips[to].expert));
    update();
}

void InkLegend::keyPressEvent(QKeyEvent* event) {
    const std::size_t last = m_key.chips.empty() ? 0 : m_key.chips.size() - 1;
    if (!hasExperts()) {
        return QWidget::keyPressEvent(event);
    }
    switch (event->key()) {
    case Qt::Key_Left:
        return moveCursor(m_cursor > 0 ? m_cursor - 1 : 0);
    case Qt::Key_Right:
        return moveCursor(std::min(m_cursor + 1, last));
    case Qt::Key_Home:
        return moveCursor(0);
    case Qt::Key_End:
        return moveCursor(last);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        Q_EMIT expertClicked(m_key.chips[m_cursor].expert);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void InkLegend::mousePressEvent(QMouseEvent* event) {
    for (std::size_t i = 0; i < m_key.chips.size(); ++i) {
        if (m_key.chips[i].expert >= 0 && chipBox(i).contains(event->position())) {
            Q_EMIT expertClicked(m_key.chips[i].expert);
        }
    }
}

} // namespace moescope
