#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/service/compare_service.h"

namespace moescope {

// One figure of a run and what it is in each bootstrap replicate (empty: no interval).
struct CompareFigure {
    std::string metric;
    std::optional<LayerId> layer;
    std::string domain;
    double value = 0;
    std::vector<double> replicates;
};

struct RunFigures {
    std::vector<CompareFigure> figures; // in the order of CompareResult::rows
    std::vector<ComparedLayer> layers;
    std::vector<std::string> notes;
};

// Measures one run. `reference`: the run whose routes it is compared with token by token; null: none. progress: 0 to
// 1; throws Error(Cancelled) when stopped.
RunFigures measureRun(const Recording& recording, const RunInfo& run, const RunInfo* reference,
                      const CompareRequest& request, const std::function<void(double)>& progress);

// Whether both runs hold the same tokens, cut into the same windows of the same domains.
bool haveSameTokens(const Recording& recording, const RunInfo& a, const RunInfo& b);

} // namespace moescope
