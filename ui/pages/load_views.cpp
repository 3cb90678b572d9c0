#include "ui/pages/load_views.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "analysis/none.h"
#include "app/service/export_filter.h"
#include "ui/charts/number_format.h"

namespace moescope {

namespace {

struct LoadViews {
    Q_DECLARE_TR_FUNCTIONS(LoadViews)
};

// Counts alone do not say which choice was the first.
bool knowsFirst(const LayerSummary& sums) {
    return std::any_of(sums.top1.begin(), sums.top1.end(), [](std::int64_t n) { return n > 0; });
}

double valueOf(const LayerFacts& layer, std::int32_t expert, LoadMeasure measure) {
    const LayerSummary& s = layer.summary;
    const auto e = std::size_t(expert);
    switch (measure) {
    case LoadMeasure::LoadRatio:
        return layer.ratioOf(expert);
    case LoadMeasure::Share:
        return share(s.assignments[e], layer.balance.assignments);
    case LoadMeasure::FirstChoices:
        return knowsFirst(s) ? loadRatio(s.top1[e], s.tokens, s.experts) : kNone;
    case LoadMeasure::MeanProb:
        return s.tokensWithLogits > 0 ? s.probSum[e] / double(s.tokensWithLogits) : kNone;
    }
    return kNone;
}

void nameMeasure(HeatmapData& data, LoadMeasure measure) {
    switch (measure) {
    case LoadMeasure::LoadRatio:
        data.valueName = LoadViews::tr("load ratio");
        data.definition = LoadViews::tr("assignments over the fair share k·T/E; 1 is fair");
        break;
    case LoadMeasure::Share:
        data.valueName = LoadViews::tr("share");
        data.definition = LoadViews::tr("assignments over all of the layer's assignments");
        break;
    case LoadMeasure::FirstChoices:
        data.valueName = LoadViews::tr("first choices");
        data.definition = LoadViews::tr("tokens whose strongest expert it is, over T/E; 1 is fair");
        break;
    case LoadMeasure::MeanProb:
        data.valueName = LoadViews::tr("mean prob");
        data.definition = LoadViews::tr("mean router probability over all tokens, chosen or not");
        break;
    }
}

ColorScale scaleOf(const HeatmapData& data, LoadMeasure measure) {
    if (measure == LoadMeasure::LoadRatio || measure == LoadMeasure::FirstChoices) {
        return ColorScale::ratio(data.largest() > 4.5 ? 3 : 2);
    }
    return ColorScale::sequential(ColorMap::Viridis, 0, niceCeiling(data.largest()));
}

} // namespace

std::shared_ptr<const HeatmapData> loadHeatmap(const RunFacts& facts, LoadMeasure measure) {
    auto data = std::make_shared<HeatmapData>();
    data->rows = int(facts.layers.size());
    data->columns = facts.mostExperts();
    data->rowAxis = LoadViews::tr("layer");
    data->columnAxis = LoadViews::tr("expert");
    data->countName = LoadViews::tr("assignments");
    nameMeasure(*data, measure);
    for (int e = 0; e < data->columns; ++e) {
        data->columnLabels << QString::number(e);
    }
    for (const LayerFacts& layer : facts.layers) {
        data->rowLabels << QString::number(layer.layer().value);
        for (std::int32_t e = 0; e < data->columns; ++e) {
            const bool there = e < layer.summary.experts && takesExpert(facts.filter, e);
            data->values.push_back(there ? valueOf(layer, e, measure) : kNone);
            data->counts.push_back(there ? layer.summary.assignments[std::size_t(e)] : 0);
        }
    }
    data->scale = scaleOf(*data, measure);
    if (measure == LoadMeasure::LoadRatio && !facts.layers.empty()) {
        data->chanceLow = facts.layers.front().chance.loadRatioLow;
        data->chanceHigh = facts.layers.front().chance.loadRatioHigh;
    }
    return data;
}

std::vector<BarStack> stacksByChance(const std::vector<double>& ratios, const ChanceBand& chance) {
    BarStack over{LoadViews::tr("more than chance"), Role::Over, {}};
    BarStack within{LoadViews::tr("within chance"), Role::Chance, {}};
    BarStack under{LoadViews::tr("less than chance"), Role::Under, {}};
    for (const double ratio : ratios) {
        const double v = std::isfinite(ratio) ? ratio : 0;
        const bool high = v > chance.high, low = v < chance.low;
        over.values.push_back(high ? v : 0);
        under.values.push_back(low ? v : 0);
        within.values.push_back(high || low ? 0 : v);
    }
    return {over, within, under};
}

std::shared_ptr<const BarChartData> loadBars(const LayerFacts& layer) {
    auto data = std::make_shared<BarChartData>();
    data->categoryAxis = LoadViews::tr("expert");
    data->valueAxis = LoadViews::tr("load ratio");
    data->chance = {layer.chance.loadRatioLow, layer.chance.loadRatioHigh};
    std::vector<double> ratios;
    for (std::int32_t e = 0; e < layer.summary.experts; ++e) {
        const double ratio = layer.ratioOf(e);
        ratios.push_back(ratio);
        data->categories << QString::number(e);
        const auto& s = layer.summary;
        data->toolTips
            << LoadViews::tr("<b>layer %1 · expert %2</b><br>load ratio <b>%3</b> (chance: %4 to %5)<br>%6 "
                             "assignments, %7 of the layer<br>%8<i>1 is the fair share k·T/E</i>")
                   .arg(layer.layer().value)
                   .arg(e)
                   .arg(shortNumber(ratio, 5), shortNumber(data->chance.low), shortNumber(data->chance.high),
                        count(s.assignments[std::size_t(e)]),
                        percent(share(s.assignments[std::size_t(e)], layer.balance.assignments)),
                        knowsFirst(s)
                            ? LoadViews::tr("first choice of %1 tokens<br>").arg(count(s.top1[std::size_t(e)]))
                            : QString());
    }
    data->stacks = stacksByChance(ratios, data->chance);
    data->references.push_back({1.0, LoadViews::tr("fair share"), Role::Neutral});
    return data;
}

std::shared_ptr<const LineChartData> balanceLine(const SequenceBalance& balance, const RunInfo& run) {
    auto data = std::make_shared<LineChartData>();
    const double unit = run.tokens > 20000 ? 1000 : 1;
    data->xAxis = unit > 1 ? LoadViews::tr("thousand tokens") : LoadViews::tr("token");
    data->yAxis = LoadViews::tr("CV");
    LineSeriesData line;
    line.name = LoadViews::tr("CV of stretches of %1 tokens").arg(count(balance.stretch));
    line.role = Role::Accent;
    for (const SequenceBalance::Point& p : balance.points) {
        line.points << QPointF((double(p.first) + double(p.tokens) / 2) / unit, p.cv);
    }
    data->lines.push_back(line);
    const double end = double(run.tokens) / unit;
    data->chanceLow = {{0, balance.chance.cvBand.low}, {end, balance.chance.cvBand.low}};
    data->chanceHigh = {{0, balance.chance.cvBand.high}, {end, balance.chance.cvBand.high}};
    return data;
}

} // namespace moescope
