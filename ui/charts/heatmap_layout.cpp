#include "ui/charts/heatmap_layout.h"

#include <algorithm>
#include <cmath>

namespace moescope {

namespace {

double widest(const QStringList& labels, const QFontMetricsF& metrics) {
    double width = 0;
    for (const QString& label : labels) {
        width = std::max(width, metrics.horizontalAdvance(label));
    }
    return width;
}

HeatmapView clamped(HeatmapView v, const HeatmapData& data) {
    v.columns = std::clamp(v.columns, std::min(2.0, double(data.columns)), double(data.columns));
    v.rows = std::clamp(v.rows, std::min(2.0, double(data.rows)), double(data.rows));
    v.left = std::clamp(v.left, 0.0, data.columns - v.columns);
    v.top = std::clamp(v.top, 0.0, data.rows - v.rows);
    return v;
}

} // namespace

HeatmapView HeatmapView::zoomed(double factor, QPointF about, const HeatmapData& data) const {
    HeatmapView v = *this;
    v.columns /= factor;
    v.rows /= factor;
    v.left = about.x() - (about.x() - left) / factor;
    v.top = about.y() - (about.y() - top) / factor;
    return clamped(v, data);
}

HeatmapView HeatmapView::moved(double columnsBy, double rowsBy, const HeatmapData& data) const {
    HeatmapView v = *this;
    v.left += columnsBy;
    v.top += rowsBy;
    return clamped(v, data);
}

HeatmapLayout HeatmapLayout::of(const HeatmapData& data, const HeatmapView& view, QSizeF size, const QFont& font) {
    const QFontMetricsF metrics(font);
    const double line = metrics.height();
    HeatmapLayout out;
    out.view = view;
    const double labelWidth = std::min(widest(data.rowLabels, metrics), size.width() * 0.3);
    const double left = line + 10 + labelWidth + 6;
    const double legendSpace =
        std::max(10 + 14 + 8 + tickWidth(metrics),
                 std::min(metrics.horizontalAdvance(data.valueName) - 2, size.width() * 0.3)); // its name above it
    const double bottom = 2 * line + 10;
    out.cells = QRectF(left, line * 0.5, std::max(20.0, size.width() - left - 14 - legendSpace),
                       std::max(20.0, size.height() - bottom - line * 0.5));
    out.legend = QRectF(out.cells.right() + 20, out.cells.top() + line * 1.3, 14,
                        std::min(out.cells.height() - line * 1.3, 260.0));
    out.rowTitle = QRectF(0, out.cells.top(), line, out.cells.height());
    out.columnTitle = QRectF(out.cells.left(), out.cells.bottom() + line + 6, out.cells.width(), line + 2);
    return out;
}

double HeatmapLayout::tickWidth(const QFontMetricsF& metrics) {
    return metrics.horizontalAdvance(QStringLiteral("≤0.125×")) + 2;
}

QRectF HeatmapLayout::cell(int row, int column) const {
    const double w = cellWidth(), h = cellHeight();
    return {cells.left() + (column - view.left) * w, cells.top() + (row - view.top) * h, w, h};
}

QPointF HeatmapLayout::positionOf(QPointF p) const {
    return {view.left + (p.x() - cells.left()) / cellWidth(), view.top + (p.y() - cells.top()) / cellHeight()};
}

std::optional<QPoint> HeatmapLayout::cellAt(QPointF p, const HeatmapData& data) const {
    if (data.empty() || !cells.contains(p)) {
        return std::nullopt;
    }
    const QPointF at = positionOf(p);
    return QPoint(std::clamp(int(at.x()), 0, data.columns - 1), std::clamp(int(at.y()), 0, data.rows - 1));
}

} // namespace moescope
