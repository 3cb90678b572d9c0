#pragma once

#include <vector>

#include <QColor>
#include <QString>

#include "ui/charts/theme.h"

namespace moescope {

enum class ColorMap { Viridis, Cividis, BlueOrange };

// From values to colours and back to ticks: what a cell is painted with and what the legend shows.
class ColorScale {
public:
    ColorScale() = default;
    // Perceptually uniform, from low to high.
    static ColorScale sequential(ColorMap map, double low, double high);
    // Blue below `centre`, orange above, on a log2 axis reaching `octaves` to both sides.
    static ColorScale ratio(double octaves, double centre = 1.0);
    // Blue below zero, orange above, linear to both sides.
    static ColorScale difference(double extent);

    ColorMap map() const { return m_map; }
    double low() const { return m_low; }
    double high() const { return m_high; }
    // 0..1 along the legend; clamped. NaN stays NaN.
    double position(double value) const;
    double valueAt(double position) const;
    QColor color(double value, const Theme& theme) const;
    QColor colorAt(double position, const Theme& theme) const;
    std::vector<double> ticks() const;
    bool isRatio() const { return m_log; }

private:
    ColorMap m_map = ColorMap::Viridis;
    double m_low = 0;
    double m_high = 1;
    bool m_log = false;
    double m_lowLog = 0, m_spanLog = 1; // of m_low, and from there to m_high
};

} // namespace moescope
