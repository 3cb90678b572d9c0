#include "ui/pages/capacity_views.h"

#include <algorithm>

#include <QCoreApplication>

#include "ui/charts/number_format.h"

namespace moescope {

namespace {

struct CapacityViews {
    Q_DECLARE_TR_FUNCTIONS(CapacityViews)
};

// Places of an expert over all groups.
std::int64_t placesOf(const LayerOverflow& layer, const CapacityOptions& options) {
    const std::int64_t full = layer.tokens() / options.groupTokens, rest = layer.tokens() % options.groupTokens;
    return full * capacityOf(options, options.groupTokens, layer.meantTopK, layer.experts) +
           (rest > 0 ? capacityOf(options, rest, layer.meantTopK, layer.experts) : 0);
}

} // namespace

std::shared_ptr<const LineChartData> capacityCurves(const std::vector<std::shared_ptr<const LayerCurve>>& curves,
                                                    LayerId layer, double factor) {
    auto data = std::make_shared<LineChartData>();
    data->xAxis = CapacityViews::tr("capacity factor");
    data->yAxis = CapacityViews::tr("dropped");
    data->percentValues = true;
    data->marker = {factor, QString(), Role::Neutral};
    for (const auto& curve : curves) {
        LineSeriesData line;
        const bool own = curve->layer == layer;
        line.name = own ? CapacityViews::tr("layer %1").arg(layer.value) : QString();
        line.role = own ? Role::Lost : Role::Neutral;
        line.faint = !own;
        for (std::size_t i = 0; i < curve->factors.size(); ++i) {
            line.points << QPointF(curve->factors[i], curve->dropped[i]);
        }
        data->lines.push_back(line);
    }
    return data;
}

std::shared_ptr<const BarChartData> capacityBars(const LayerOverflow& layer, const CapacityOptions& options) {
    auto data = std::make_shared<BarChartData>();
    data->categoryAxis = CapacityViews::tr("expert");
    const ExpertOverflow by = overflowByExpert(layer, options);
    const auto most = by.assigned.empty() ? 0 : *std::max_element(by.assigned.begin(), by.assigned.end());
    const double unit = most > 20000 ? 1000 : 1;
    data->valueAxis = unit > 1 ? CapacityViews::tr("thousand choices") : CapacityViews::tr("choices");
    const bool next = options.policy == OverflowPolicy::Next;
    BarStack kept{CapacityViews::tr("served"), Role::Kept, {}},
        received{CapacityViews::tr("received from full experts"), Role::Under, {}},
        lost{next ? CapacityViews::tr("sent on or dropped") : CapacityViews::tr("dropped"), Role::Lost, {}};
    for (std::size_t e = 0; e < by.assigned.size(); ++e) {
        const std::int64_t away = next ? by.assigned[e] - layer.counts.kept[e] : by.dropped[e];
        kept.values.push_back(double(by.assigned[e] - away) / unit);
        received.values.push_back(double(by.received[e]) / unit);
        lost.values.push_back(double(away) / unit);
        data->categories << QString::number(e);
        data->toolTips << CapacityViews::tr(
                              "<b>expert %1</b><br>chosen %2 times<br>%3 without room (%4)<br>%5 received from others")
                              .arg(e)
                              .arg(count(by.assigned[e]), count(away),
                                   percent(by.assigned[e] > 0 ? double(away) / double(by.assigned[e]) : 0),
                                   count(by.received[e]));
    }
    data->stacks = {kept, lost};
    if (next) {
        data->stacks = {kept, received, lost};
    }
    data->references.push_back({double(placesOf(layer, options)) / unit, CapacityViews::tr("places"), Role::Neutral});
    return data;
}

Finding capacityFinding(const LayerOverflow& layer, const CapacityOptions& options) {
    const OverflowTotals totals = overflowTotals(layer, options);
    const double all = totals.tokens > 0 ? double(totals.tokensLosingAll) / double(totals.tokens) : 0;
    const double some = totals.tokens > 0 ? double(totals.tokensLosingSome) / double(totals.tokens) : 0;
    // A run shorter than a group fills one that is smaller, with fewer places.
    const std::int64_t group = std::min<std::int64_t>(options.groupTokens, std::max(layer.of, layer.tokens()));
    const std::int64_t places = capacityOf(options, group, layer.meantTopK, layer.experts);
    const QString factor = QString::number(options.factor, 'f', 2);
    const QString text =
        totals.dropped == 0
            ? CapacityViews::tr("At capacity factor %1 layer %2 drops nothing.")
                  .arg(strong(factor), strong(layer.layer.value))
            : CapacityViews::tr(
                  "At capacity factor %1 layer %2 drops %3 of its choices; %4 of the tokens lose every expert.")
                  .arg(strong(factor), strong(layer.layer.value), strong(percent(totals.droppedShare())),
                       strong(percent(all)));
    return {text,
            CapacityViews::tr(
                "%1 places an expert in each group of %2 tokens. %3 of %4 tokens (%5) lose at least one expert.")
                .arg(count(places), count(group), count(totals.tokensLosingSome), count(totals.tokens), percent(some))};
}

} // namespace moescope
