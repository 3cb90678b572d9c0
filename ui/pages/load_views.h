#pragma once

#include <memory>

#include "ui/charts/bar_chart.h"
#include "ui/charts/heatmap_data.h"
#include "ui/charts/line_chart.h"
#include "ui/data/run_facts.h"
#include "ui/data/sequence_balance.h"

namespace moescope {

enum class LoadMeasure { LoadRatio, Share, FirstChoices, MeanProb };

// Values of the load page as charts.
std::shared_ptr<const HeatmapData> loadHeatmap(const RunFacts& facts, LoadMeasure measure);
std::shared_ptr<const BarChartData> loadBars(const LayerFacts& layer);
std::shared_ptr<const LineChartData> balanceLine(const SequenceBalance& balance, const RunInfo& run);

// Splits ratios into three stacks by what chance explains; one of them is non-zero for each.
std::vector<BarStack> stacksByChance(const std::vector<double>& ratios, const ChanceBand& chance);

} // namespace moescope
