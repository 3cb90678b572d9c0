#pragma once

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "app/service/compare_service.h"
#include "ui/data/run_facts.h"

namespace moescope {

// A metric of one run, with what sampling leaves open about it.
struct ComparedValue {
    double value = std::numeric_limits<double>::quiet_NaN(); // NaN: the run does not have it
    double low = std::numeric_limits<double>::quiet_NaN();   // 95 % interval; NaN: none was made
    double high = std::numeric_limits<double>::quiet_NaN();
    double p = std::numeric_limits<double>::quiet_NaN(); // against the first run
    bool differs = false;                                // still so after correcting for many tests
    std::string note;                                    // what to know before reading it; why there is none
    bool hasInterval() const { return low == low; }
};

// A row of the comparison: one metric, a value for each run.
struct ComparedMetric {
    std::string key; // "max_vio"
    std::vector<ComparedValue> values;
};

// What the stored sums say at once: means over layers, experts that are dead in any layer counted.
std::vector<ComparedMetric> metricsOfSums(const std::vector<std::shared_ptr<const RunFacts>>& runs);

// With intervals and marks, once they are worked out.
std::vector<ComparedMetric> metricsOf(const CompareResult& result);
// One metric of one run by layer; empty where the run does not have it.
struct LayerValue {
    LayerId layer;
    double value = 0;
};
std::vector<LayerValue> layerValues(const CompareResult& result, std::size_t run, const std::string& metric);

// Of a run, over its layers.
double meanMaxVio(const RunFacts& run);
double meanEntropy(const RunFacts& run); // of ln E

} // namespace moescope
