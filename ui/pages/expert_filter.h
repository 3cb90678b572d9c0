#pragma once

#include <memory>

#include "app/service/recording.h"
#include "ui/charts/bar_chart.h"
#include "ui/charts/heatmap_data.h"
#include "ui/charts/sankey_data.h"

namespace moescope {

// What a chart shows without the experts that the filter leaves out: their cells, bars and flows are gone, on screen
// and in the CSV.
enum class ExpertsAre { Columns, Rows };
std::shared_ptr<const HeatmapData> onlyExperts(std::shared_ptr<const HeatmapData> data, const RunFilter& filter,
                                               ExpertsAre place = ExpertsAre::Columns);
std::shared_ptr<const BarChartData> onlyExperts(std::shared_ptr<const BarChartData> data, const RunFilter& filter);
// The flows that leave the filter's experts.
std::shared_ptr<const SankeyData> onlyExperts(std::shared_ptr<const SankeyData> data, const RunFilter& filter);

} // namespace moescope
