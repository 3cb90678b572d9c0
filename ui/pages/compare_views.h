#pragma once

#include <memory>
#include <vector>

#include "app/service/compare_service.h"
#include "ui/charts/heatmap_data.h"
#include "ui/charts/line_chart.h"
#include "ui/data/capacity_curves.h"
#include "ui/data/run_facts.h"
#include "ui/pages/load_views.h"

namespace moescope {

using FactsList = std::vector<std::shared_ptr<const RunFacts>>;

// One heatmap for each run, all on one scale, so that a colour says the same in each.
std::vector<std::shared_ptr<const HeatmapData>> loadHeatmaps(const FactsList& runs, LoadMeasure measure);

// Load ratio of b minus that of a, for the layers that both have with as many experts in each. Empty where there are
// none.
std::shared_ptr<const HeatmapData> differenceHeatmap(const RunFacts& a, const RunFacts& b);

// Share of choices dropped by capacity factor, over all layers of each run. runs: one list of layer curves for each.
std::shared_ptr<const LineChartData> dropCurves(const FactsList& runs,
                                                const std::vector<std::vector<std::shared_ptr<const LayerCurve>>>& all);

// One metric by layer, a line for each run that has it.
std::shared_ptr<const LineChartData> layerLines(const CompareResult& result, const std::string& metric,
                                                const QString& name);

} // namespace moescope
