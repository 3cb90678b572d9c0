#pragma once

#include <limits>

#include <QChart>
#include <QString>

#include "ui/charts/theme.h"

class QValueAxis;
class QAbstractAxis;
class QAreaSeries;

namespace moescope {

// What a mark means; its colour follows from that.
enum class Role { Neutral, Over, Under, Chance, Kept, Lost, LostSoft, Accent, Series };

QColor roleColor(Role role, const Theme& theme, int index = 0);

// What chance alone would show with 95 %.
struct ChanceBand {
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();
    bool drawn() const { return high == high; }
};

// A horizontal (or, for lying bars, vertical) line to hold values against.
struct ReferenceLine {
    double value = std::numeric_limits<double>::quiet_NaN();
    QString label;
    Role role = Role::Neutral;
    bool drawn() const { return value == value; }
};

// One look for every chart: no frame, quiet grid, muted labels; its words are ChartWords.
void styleChart(QChart& chart);
void styleAxis(QAbstractAxis& axis, const Theme& theme, bool grid);
// Range from low to high ending at round values, with a readable number of ticks, no two nearer than leastStep, and
// labels without noise.
void setRange(QValueAxis& axis, double low, double high, int wantedTicks = 5, double leastStep = 0);
QColor bandColor(const Theme& theme); // of what chance alone would fill
// A grey area from (left, low) to (right, high).
QAreaSeries* bandSeries(double left, double right, double low, double high, const Theme& theme, QChart& chart);

} // namespace moescope
