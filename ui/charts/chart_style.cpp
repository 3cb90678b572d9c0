#include "ui/charts/chart_style.h"

#include <algorithm>
#include <cmath>

#include <QAreaSeries>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QValueAxis>

#include "ui/charts/number_format.h"

namespace moescope {

QColor roleColor(Role role, const Theme& theme, int index) {
    static const char* const kLight[] = {"#2b5fc7", "#d9730f", "#1f8a70", "#a2459b", "#7a6a12", "#5b6472",
                                         "#0f9bb5", "#c2384a", "#6f9a1c", "#6b4fc0", "#a8620a", "#2f4858"};
    static const char* const kDark[] = {"#7aa5f5", "#f0963f", "#4fc3a1", "#d487cf", "#cbb850", "#a5adb9",
                                        "#5fcde4", "#f0828c", "#a9d15a", "#a994f0", "#dba15a", "#c3d3e0"};
    switch (role) {
    case Role::Neutral:
        return theme.mutedText;
    case Role::Over:
        return theme.over;
    case Role::Under:
        return theme.under;
    case Role::Chance:
        return theme.chance;
    case Role::Kept:
        return theme.kept;
    case Role::Lost:
        return theme.lost;
    case Role::LostSoft:
        return theme.lostSoft;
    case Role::Accent:
        return theme.accent;
    case Role::Series:
        break;
    }
    return QColor(theme.dark ? kDark[index % 12] : kLight[index % 12]);
}

void styleChart(QChart& chart) {
    chart.setBackgroundVisible(false);
    chart.setPlotAreaBackgroundVisible(false);
    chart.layout()->setContentsMargins(0, 0, 0, 0);
    chart.setContentsMargins(-4, -8, 0, 0); // Qt keeps room for a title that is not there
    chart.legend()->hide();
    chart.setAnimationOptions(QChart::NoAnimation);
}

void styleAxis(QAbstractAxis& axis, const Theme& theme, bool grid) {
    axis.setTitleVisible(false);
    axis.setLabelsFont(textFont(9));
    axis.setTruncateLabels(false);
    axis.setLabelsBrush(theme.mutedText);
    axis.setLinePenColor(grid ? theme.grid : theme.border);
    axis.setGridLineVisible(grid);
    axis.setGridLinePen(QPen(theme.grid, 1));
}

void setRange(QValueAxis& axis, double low, double high, int wantedTicks, double leastStep) {
    const auto ticks = niceTicks(low, high, wantedTicks);
    const double step = std::max(leastStep, ticks.size() > 1 ? ticks[1] - ticks[0] : 1);
    const double bottom = std::floor(low / step + 1e-9) * step, top = std::ceil(high / step - 1e-9) * step;
    axis.setRange(bottom, top);
    axis.setTickType(QValueAxis::TicksDynamic);
    axis.setTickAnchor(bottom);
    axis.setTickInterval(step);
    const int decimals = std::clamp(-int(std::floor(std::log10(step) + 1e-9)), 0, 6);
    axis.setLabelFormat(QStringLiteral("%.%1f").arg(decimals));
}

QColor bandColor(const Theme& theme) {
    QColor fill = theme.chance;
    fill.setAlphaF(0.4F);
    return fill;
}

QAreaSeries* bandSeries(double left, double right, double low, double high, const Theme& theme, QChart& chart) {
    auto* upper = new QLineSeries(&chart);
    auto* lower = new QLineSeries(&chart);
    upper->append(left, high);
    upper->append(right, high);
    lower->append(left, low);
    lower->append(right, low);
    auto* area = new QAreaSeries(upper, lower);
    area->setBrush(bandColor(theme));
    area->setPen(Qt::NoPen);
    return area;
}

} // namespace moescope
