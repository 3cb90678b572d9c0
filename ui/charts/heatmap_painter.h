#pragma once

#include <optional>

#include <QPainter>

#include "ui/charts/heatmap_layout.h"
#include "ui/charts/theme.h"

namespace moescope {

// What is marked in a heatmap: the selection other pages share, and the keyboard's cursor.
struct HeatmapMarks {
    std::optional<int> row;
    std::optional<int> column;
    std::optional<QPoint> cursor; // x: column, y: row
};

// Draws cells as vector rectangles where they are few or the device is not a screen, else as one picture.
void paintHeatmap(QPainter& painter, const HeatmapData& data, const HeatmapLayout& layout, const HeatmapMarks& marks,
                  const Theme& theme, const QFont& font);

} // namespace moescope
