#pragma once

#include <memory>

#include "ui/charts/bar_chart.h"
#include "ui/charts/heatmap_data.h"
#include "ui/data/class_affinity.h"
#include "ui/data/run_facts.h"
#include "ui/pages/findings_text.h"

namespace moescope {

// domain x expert lift of one layer.
std::shared_ptr<const HeatmapData> liftHeatmap(const RunInfo& run, const LayerFacts& layer);
// The lift of every domain for one expert, lying bars.
std::shared_ptr<const BarChartData> liftBars(const RunInfo& run, const LayerFacts& layer, ExpertId expert);

// The same by kind of token: punctuation, digits, white space, ...
std::shared_ptr<const HeatmapData> classHeatmap(const ClassAffinity& classes);
std::shared_ptr<const BarChartData> classBars(const ClassAffinity& classes, ExpertId expert);
Finding classFinding(const ClassAffinity& classes);

} // namespace moescope
