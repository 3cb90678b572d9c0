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

void styleChart(QChart& chart, const Theme& theme) {
    chart.setBackgroundVisible(false);
    chart.setPlotAreaBackgroundVisible(false);
    chart.setMargins(QMargins(0, 8, 14, 0));
    chart.layout()->setContentsMargins(0, 0, 0, 0);
    chart.setContentsMargins(-4, -8, 0, 0); // Qt keeps room for a title that is not there
    chart.legend()->setLabelColor(theme.mutedText);
    chart.legend()->setFont(textFont(9));
    chart.legend()->setAlignment(Qt::AlignTop);
    chart.legend()->setMarkerShape(QLegend::MarkerShapeFromSeries);
    chart.legend()->setBackgroundVisible(false);
    chart.setAnimationOptions(QChart::NoAnimation);
}

void styleAxis(QAbstractAxis& axis, const Theme& theme, const QString& title, bool grid) {
    axis.setTitleText(title);
    axis.setTitleVisible(!title.isEmpty());
    axis.setTitleFont(textFont(9));
    axis.setTitleBrush(theme.faintText);
    axis.setLabelsFont(textFont(9));
    axis.setTruncateLabels(false);
    axis.setLabelsBrush(theme.mutedText);
    axis.setLinePenColor(grid ? theme.grid : theme.border);
    axis.setGridLineVisible(grid);
    axis.setGridLinePen(QPen(theme.grid, 1));
}

void setRange(QValueAxis& axis, double low, double high, int wantedTicks) {
    const auto ticks = niceTicks(low, high, wantedTicks);
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
    const double bottom = std::floor(low / step + 1e-9) * step, top = std::ceil(high / step - 1e-9) * step;
    axis.setRange(bottom, top);
    axis.setTickType(QValueAxis::TicksDynamic);
    axis.setTickAnchor(bottom);
    axis.setTickInterval(step);
    const int decimals = std::clamp(-int(std::floor(std::log10(step) + 1e-9)), 0, 6);
    axis.setLabelFormat(QStringLiteral("%.%1f").arg(decimals));
}

void quietLegend(QChart& chart) {
    for (QLegendMarker* marker : chart.legend()->markers()) {
        const bool line = marker->type() == QLegendMarker::LegendMarkerTypeXY;
        marker->setShape(line ? QLegend::MarkerShapeFromSeries : QLegend::MarkerShapeRectangle);
        if (!line) {
            marker->setPen(QPen(marker->brush().color(), 1));
        }
    }
}

QAreaSeries* bandSeries(double left, double right, double low, double high, const Theme& theme, const QString& name,
                        QChart& chart) {
    auto* upper = new QLineSeries(&chart);
    auto* lower = new QLineSeries(&chart);
    upper->append(left, high);
    upper->append(right, high);
    lower->append(left, low);
    lower->append(right, low);
    auto* area = new QAreaSeries(upper, lower);
    QColor fill = theme.chance;
    fill.setAlphaF(theme.dark ? 0.30F : 0.28F);
    area->setBrush(fill);
    area->setPen(Qt::NoPen);
    area->setName(name);
    return area;
}

} // namespace moescope
