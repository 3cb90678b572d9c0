#include "ui/pages/compare_views.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "analysis/none.h"
#include "ui/charts/number_format.h"
#include "ui/data/compared_metrics.h"

namespace moescope {

namespace {

struct CompareViews {
    Q_DECLARE_TR_FUNCTIONS(CompareViews)
};

double farthest(const std::vector<double>& values) {
    double top = 0;
    for (const double v : values) {
        top = std::isnan(v) ? top : std::max(top, std::abs(v));
    }
    return top;
}

// The scale that reaches furthest serves all.
ColorScale widest(const std::vector<std::shared_ptr<HeatmapData>>& maps) {
    ColorScale scale;
    for (const auto& map : maps) {
        scale = map == maps.front() || map->scale.high() > scale.high() ? map->scale : scale;
    }
    return scale;
}

bool comparable(const LayerFacts& a, const LayerFacts* b) {
    return b != nullptr && a.summary.experts == b->summary.experts;
}

// Half of the width of the band that a load ratio keeps to by chance.
double reachOf(const LayerFacts& layer) {
    return (layer.chance.loadRatioHigh - layer.chance.loadRatioLow) / 2;
}

} // namespace

std::vector<std::shared_ptr<const HeatmapData>> loadHeatmaps(const FactsList& runs, LoadMeasure measure) {
    std::vector<std::shared_ptr<HeatmapData>> maps;
    for (const auto& run : runs) {
        maps.push_back(std::make_shared<HeatmapData>(*loadHeatmap(*run, measure)));
    }
    const ColorScale scale = maps.empty() ? ColorScale() : widest(maps);
    std::vector<std::shared_ptr<const HeatmapData>> out;
    for (const auto& map : maps) {
        map->scale = scale;
        out.push_back(map);
    }
    return out;
}

std::shared_ptr<const HeatmapData> differenceHeatmap(const RunFacts& a, const RunFacts& b) {
    auto data = std::make_shared<HeatmapData>();
    data->rowAxis = CompareViews::tr("layer");
    data->columnAxis = CompareViews::tr("expert");
    data->valueName = CompareViews::tr("difference");
    data->definition = CompareViews::tr("load ratio of %1 minus that of %2; 0 is no difference")
                           .arg(QString::fromStdString(b.run.spec.name), QString::fromStdString(a.run.spec.name));
    if (a.run.spec.layers.size() != b.run.spec.layers.size()) {
        return data; // another model: its experts are not these
    }
    data->columns = std::min(a.mostExperts(), b.mostExperts());
    double reach = 0;
    for (const LayerFacts& layer : a.layers) {
        const LayerFacts* other = b.find(layer.layer());
        if (!comparable(layer, other)) {
            continue;
        }
        ++data->rows;
        data->rowLabels << QString::number(layer.layer().value);
        reach = std::max(reach, std::hypot(reachOf(layer), reachOf(*other)));
        for (std::int32_t e = 0; e < data->columns; ++e) {
            data->values.push_back(e < layer.summary.experts ? other->ratioOf(e) - layer.ratioOf(e) : kNone);
        }
    }
    for (int e = 0; e < data->columns; ++e) {
        data->columnLabels << QString::number(e);
    }
    data->scale = ColorScale::difference(niceCeiling(std::max(farthest(data->values), reach)));
    data->chanceLow = -reach;
    data->chanceHigh = reach;
    return data;
}

std::shared_ptr<const LineChartData>
dropCurves(const FactsList& runs, const std::vector<std::vector<std::shared_ptr<const LayerCurve>>>& all) {
    auto data = std::make_shared<LineChartData>();
    data->xAxis = CompareViews::tr("capacity factor");
    data->yAxis = CompareViews::tr("dropped");
    data->percentValues = true;
    data->marker = {1.25, QString(), Role::Neutral};
    for (std::size_t r = 0; r < runs.size() && r < all.size(); ++r) {
        LineSeriesData line;
        line.name = QString::fromStdString(runs[r]->run.spec.name);
        line.index = int(r);
        const auto& curves = all[r];
        for (std::size_t i = 0; !curves.empty() && i < curves.front()->factors.size(); ++i) {
            double sum = 0;
            for (const auto& curve : curves) {
                sum += curve->dropped[i];
            }
            line.points << QPointF(curves.front()->factors[i], sum / double(curves.size()));
        }
        data->lines.push_back(line);
    }
    return data;
}

std::shared_ptr<const LineChartData> layerLines(const CompareResult& result, const std::string& metric,
                                                const QString& name) {
    auto data = std::make_shared<LineChartData>();
    data->xAxis = CompareViews::tr("layer");
    data->wholeX = true;
    data->yAxis = name;
    data->percentValues = metric != "separability";
    for (std::size_t r = 0; r < result.runs.size(); ++r) {
        LineSeriesData line;
        line.name = QString::fromStdString(result.runs[r].info.spec.name);
        line.index = int(r);
        for (const LayerValue& value : layerValues(result, r, metric)) {
            line.points << QPointF(value.layer.value, value.value);
        }
        if (!line.points.isEmpty()) {
            data->lines.push_back(line);
        }
    }
    return data;
}

} // namespace moescope
