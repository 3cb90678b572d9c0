#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/bootstrap.h"
#include "analysis/segment_counts.h"
#include "app/service/compare_figures.h"
#include "engine/routing/layer_summary.h"

namespace moescope {

// The windows of a run that are drawn from.
struct CompareWindows {
    Windows windows;
    std::vector<std::int32_t> domainOf; // [windows]
    std::int32_t domains = 0;
    WindowBootstrap bootstrap;
};

// What one layer of a run is measured from.
struct LayerSource {
    const Recording& recording;
    const RunInfo& run;
    const MoeLayerInfo& layer;
    const LayerSummary& summary;
    const CompareWindows& windows;
    const CompareRequest& request;
    const RunInfo* reference; // null: routes are not compared
    std::function<void()> checkStop;
};

// The figures of one layer, always in the same order and number for one run.
struct LayerFigures {
    std::vector<CompareFigure> figures;
    ComparedLayer layer;
};
LayerFigures measureLayer(const LayerSource& source);

} // namespace moescope
