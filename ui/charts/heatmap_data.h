#pragma once

#include <limits>
#include <vector>

#include <QString>
#include <QStringList>

#include "ui/charts/color_scale.h"

namespace moescope {

// What a heatmap shows: a value per (row, column), the words around it, and what chance alone would give.
struct HeatmapData {
    int rows = 0;
    int columns = 0;
    std::vector<double> values; // [rows, columns]; NaN: no value
    std::vector<qint64> counts; // [rows, columns] what the value rests on, for the tooltip; may be empty
    QStringList rowLabels;      // [rows]
    QStringList columnLabels;   // [columns]
    QString rowAxis;            // "layer"
    QString columnAxis;         // "expert"
    QString valueName;          // "load ratio"
    QString countName;          // "assignments"
    QString definition;         // one line, shown in the tooltip
    ColorScale scale;
    double chanceLow = std::numeric_limits<double>::quiet_NaN(); // 95 % of cells lie within by chance; NaN: not drawn
    double chanceHigh = std::numeric_limits<double>::quiet_NaN();

    bool empty() const { return rows == 0 || columns == 0; }
    double at(int row, int column) const {
        return values[std::size_t(row) * std::size_t(columns) + std::size_t(column)];
    }
    double largest() const;                     // of the finite values; 0 where all are below
    QString toolTip(int row, int column) const; // rich text with the exact value
    QString csv() const;                        // a row per cell
};

} // namespace moescope
