#include "ui/pages/ink_legend.h"

#include <algorithm>

#include <QMouseEvent>
#include <QPainter>

namespace moescope {

namespace {
constexpr double kHeight = 20, kGap = 3;
}

InkLegend::InkLegend(QWidget* parent) : QWidget(parent) {
    setFont(textFont(8.5));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("What the colours mean"));
}

void InkLegend::setKey(InkKey key) {
    m_key = std::move(key);
    setToolTip(m_key.chips.empty() || m_key.chips.front().expert < 0
                   ? QString()
                   : tr("Click an expert to see its tokens only; N steps through them"));
    updateGeometry();
    update();
}

QSize InkLegend::sizeHint() const {
    return {400, int(kHeight) + 2};
}

QRectF InkLegend::chipBox(std::size_t index) const {
    const QFontMetricsF metrics(font());
    if (m_key.chips.front().expert >= 0) {
        const double room = (width() - 60.0) / double(m_key.chips.size());
        const double w = std::clamp(room, 9.0, 30.0);
        return {52 + double(index) * w, 1, w - std::min(kGap, w * 0.15), kHeight};
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
    const bool experts = m_key.chips.front().expert >= 0;
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
}

void InkLegend::mousePressEvent(QMouseEvent* event) {
    for (std::size_t i = 0; i < m_key.chips.size(); ++i) {
        if (m_key.chips[i].expert >= 0 && chipBox(i).contains(event->position())) {
            Q_EMIT expertClicked(m_key.chips[i].expert);
        }
    }
}

} // namespace moescope
