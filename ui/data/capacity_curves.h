#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "analysis/capacity_whatif.h"
#include "app/service/recording.h"

namespace moescope {

// Every layer's overflow by capacity factor.
struct LayerCurve {
    LayerId layer;
    CapacityOptions options; // factor aside
    std::vector<double> factors;
    std::vector<double> dropped; // share of choices, by factor
};

std::vector<double> curveFactors();
// Of the curve's factors the one that is nearest.
double droppedShareAt(const LayerCurve& curve, double factor);

using DeliverCurve = std::function<void(std::shared_ptr<const LayerCurve>)>;
// Layer by layer, `first` before the others. Policy next is drawn as drop would fare; the page says so.
void readCapacityCurves(const Recording& recording, const RunInfo& run, const CapacityOptions& options, LayerId first,
                        std::stop_token stop, const DeliverCurve& deliver);

} // namespace moescope
