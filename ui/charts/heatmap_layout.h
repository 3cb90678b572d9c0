#pragma once

#include <optional>

#include <QFont>
#include <QFontMetricsF>
#include <QPoint>
#include <QRectF>
#include <QSize>

#include "ui/charts/heatmap_data.h"

namespace moescope {

// The part of a heatmap on view, in cells.
struct HeatmapView {
    double left = 0, top = 0, columns = 0, rows = 0;
    static HeatmapView whole(const HeatmapData& data) { return {0, 0, double(data.columns), double(data.rows)}; }
    // Smaller by `factor` about a cell position, kept within the data.
    HeatmapView zoomed(double factor, QPointF about, const HeatmapData& data) const;
    HeatmapView moved(double columnsBy, double rowsBy, const HeatmapData& data) const;
};

// Where things stand in a heatmap of a given size.
struct HeatmapLayout {
    QRectF cells, legend, rowTitle, columnTitle;
    HeatmapView view;

    static HeatmapLayout of(const HeatmapData& data, const HeatmapView& view, QSizeF size, const QFont& font);
    QRectF cell(int row, int column) const;
    double cellWidth() const { return cells.width() / view.columns; }
    double cellHeight() const { return cells.height() / view.rows; }
    // x is the column, y the row
    std::optional<QPoint> cellAt(QPointF position, const HeatmapData& data) const;
    QPointF positionOf(QPointF widgetPoint) const;         // in cells, not clamped
    static double tickWidth(const QFontMetricsF& metrics); // room beside the legend
};

} // namespace moescope
