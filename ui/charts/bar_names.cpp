#include "ui/charts/bar_names.h"

#include <algorithm>

#include <QFontMetricsF>
#include <QPainter>

#include "ui/charts/theme.h"

namespace moescope {

namespace {

constexpr double kGap = 7;        // between a name and its bar
constexpr double kTightest = 0.9; // of the font's line height: lines that touch no other
constexpr double kWidest = 0.4;   // of the chart's width
constexpr int kManyBars = 8;

} // namespace

QFont BarNames::font() const {
    return textFont(m_names.size() > kManyBars ? 7.5 : 9);
}

int BarNames::fitting(double height) const {
    const double line = QFontMetricsF(font()).height() * kTightest;
    return std::clamp(int(height / line), 1, std::max(1, int(m_names.size())));
}

int BarNames::widthIn(double chart) const {
    const QFontMetricsF metrics(font());
    double widest = 0;
    for (const QString& name : m_names) {
        widest = std::max(widest, metrics.horizontalAdvance(name));
    }
    return m_names.isEmpty() ? 0 : int(std::min(widest + kGap, chart * kWidest));
}

void BarNames::paint(QPainter& painter, const QRectF& plot, int shown, const Theme& theme) const {
    const QFontMetricsF metrics(font());
    const double pitch = plot.height() / std::max(1, shown), right = plot.left() - kGap;
    painter.save();
    painter.setFont(font());
    painter.setPen(theme.mutedText);
    for (int i = 0; i < std::min(shown, int(m_names.size())); ++i) {
        const QString& name = m_names[m_names.size() - 1 - i];
        const QRectF place(0, plot.top() + (i + 0.5) * pitch - metrics.height() / 2, right, metrics.height());
        painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                         metrics.elidedText(name, Qt::ElideMiddle, right));
    }
    painter.restore();
}

} // namespace moescope
