#include "ui/charts/chart_words.h"

#include <algorithm>

#include <QFontMetricsF>

namespace moescope {

namespace {

constexpr double kMark = 12, kMarkGap = 5, kEntryGap = 16;

QFont wordFont() {
    return textFont(9);
}

double lineHeight() {
    return QFontMetricsF(wordFont()).height();
}

void paintMark(QPainter& painter, const ChartWords::Entry& entry, QPointF left) {
    const QRectF box(left.x(), left.y() - 4.5, kMark - 3, 9);
    if (entry.mark == ChartWords::Mark::Box) {
        painter.fillRect(box, entry.color);
        return;
    }
    QPen pen(entry.color, 2, Qt::SolidLine, Qt::FlatCap);
    if (entry.mark == ChartWords::Mark::Dashes) {
        pen.setDashPattern({2.5, 1.5});
    }
    painter.setPen(pen);
    painter.drawLine(QPointF(left.x() - 1, left.y()), QPointF(left.x() + kMark, left.y()));
}

} // namespace

void ChartWords::set(QString valueAxis, QString categoryAxis, QList<Entry> key, Qt::Orientation orientation) {
    const bool upright = orientation == Qt::Vertical;
    m_left = upright ? std::move(valueAxis) : QString();
    m_below = upright ? std::move(categoryAxis) : std::move(valueAxis);
    m_key = std::move(key);
}

QList<ChartWords::Place> ChartWords::places(double width) const {
    const QFontMetricsF metrics(wordFont());
    QList<Place> out;
    Place next;
    for (const Entry& entry : m_key) {
        const double size = kMark + kMarkGap + metrics.horizontalAdvance(entry.name);
        if (next.x > 0 && next.x + size > width) {
            next = {0, next.line + 1};
        }
        out << next;
        next.x += size + kEntryGap;
    }
    return out;
}

int ChartWords::lines(double width) const {
    return m_key.isEmpty() ? 0 : places(width).last().line + 1;
}

void ChartWords::makeRoom(QChart& chart, double width) const {
    const double line = lineHeight();
    const int left = m_inset + (m_left.isEmpty() ? 0 : int(line) + 6), below = m_below.isEmpty() ? 0 : int(line) + 1;
    const int key = lines(width - 2);
    const QMargins margins(left, 8 + (key > 0 ? int(key * (line + 2)) + 6 : 0), 14, below);
    if (chart.margins() != margins) {
        chart.setMargins(margins);
    }
}

void ChartWords::paint(QPainter& painter, const QChart& chart, const Theme& theme) const {
    const QRectF plot = chart.plotArea();
    const QSizeF size = chart.size();
    const double line = lineHeight();
    painter.save();
    painter.setFont(wordFont());
    const QList<Place> at = places(size.width() - 2);
    for (qsizetype i = 0; i < at.size(); ++i) {
        const double middle = at[i].line * (line + 2) + line / 2;
        paintMark(painter, m_key[i], QPointF(2 + at[i].x, middle));
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF(2 + at[i].x + kMark + kMarkGap, middle - line / 2, size.width(), line),
                         Qt::AlignLeft | Qt::AlignVCenter, m_key[i].name);
    }
    painter.setPen(theme.faintText);
    const double from = std::min(plot.left(), size.width() - 200);
    painter.drawText(QRectF(from, size.height() - line, std::max(plot.width(), 200.0), line), Qt::AlignCenter, m_below);
    if (!m_left.isEmpty()) { // centred on the plot, reaching past it where it must
        const double length = QFontMetricsF(wordFont()).horizontalAdvance(m_left);
        const double middle = std::clamp(plot.center().y(), std::min(length / 2, size.height() / 2),
                                         std::max(size.height() - length / 2, size.height() / 2));
        painter.translate(line / 2, middle);
        painter.rotate(-90);
        painter.drawText(QRectF(-length, -line / 2, 2 * length, line), Qt::AlignCenter, m_left);
    }
    painter.restore();
}

void ChartWords::paintFocus(QPainter& painter, const QChart& chart, const Theme& theme) {
    painter.save();
    painter.setPen(QPen(theme.accent, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(chart.plotArea().adjusted(-1, -1, 1, 1));
    painter.restore();
}

} // namespace moescope
