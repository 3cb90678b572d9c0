#pragma once

#include <memory>
#include <vector>

#include "ui/charts/bar_chart.h"
#include "ui/charts/line_chart.h"
#include "ui/data/capacity_curves.h"
#include "ui/data/layer_overflow.h"
#include "ui/pages/findings_text.h"

namespace moescope {

// Drop rate against capacity factor: the layer strong, the others faint behind it.
std::shared_ptr<const LineChartData> capacityCurves(const std::vector<std::shared_ptr<const LayerCurve>>& curves,
                                                    LayerId layer, double factor);
// Per-expert load, kept and lost, against the places there are.
std::shared_ptr<const BarChartData> capacityBars(const LayerOverflow& layer, const CapacityOptions& options);
Finding capacityFinding(const LayerOverflow& layer, const CapacityOptions& options);

} // namespace moescope
