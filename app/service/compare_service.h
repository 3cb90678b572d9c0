#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/service/recording.h"
#include "engine/routing/capacity.h"

namespace moescope {

struct CompareRequest {
    std::vector<std::string> runs; // ids or names; the first is what the others are compared with
    CapacityOptions capacity;      // of the dropped choices
    std::vector<double> factors = {0.5, 0.75, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4}; // of the drop-rate curves
    std::int32_t replicates = 1000; // bootstrap replicates; fewer than 20: no intervals
    std::uint64_t seed = 1;
    double falseDiscovery = 0.05; // Benjamini-Hochberg, over all differences of the comparison
};

// Follows a comparison. Called from the thread that compares.
class CompareObserver {
public:
    virtual ~CompareObserver() = default;
    virtual void progress(double /*share*/) {} // 0 to 1
};

// One figure of one run, with its 95 % bootstrap interval over windows within each domain, and how it differs from the
// first run's. NaN: there is none; `note` then says why where it is not plain.
struct CompareRow {
    std::size_t run = 0; // index into CompareResult::runs
    // perplexity, nll, cv, max_vio, normalized_entropy, gini, dead_experts, dropped, separability, changed_tokens,
    // jaccard, saturation
    std::string metric;
    std::optional<LayerId> layer; // none: the run's figure, for metrics of layers the mean over them
    std::string domain;           // of nll; empty: all
    double value = 0;
    double low = 0;
    double high = 0;
    double difference = std::numeric_limits<double>::quiet_NaN(); // value - the first run's
    double differenceLow = std::numeric_limits<double>::quiet_NaN();
    double differenceHigh = std::numeric_limits<double>::quiet_NaN();
    double p = std::numeric_limits<double>::quiet_NaN(); // of no difference
    bool significant = false;                            // by Benjamini-Hochberg
    std::string note;
};

struct ComparedLayer {
    LayerId layer;
    std::int32_t experts = 0;
    std::int32_t choices = 0;    // experts a token has, on average and rounded
    std::vector<double> share;   // [experts] of the layer's assignments
    std::vector<double> dropped; // [factors] share of choices dropped; empty where the run cannot tell
};

struct ComparedRun {
    RunInfo info;
    std::vector<ComparedLayer> layers;
    bool sameTokens = false;      // as the first run: routes are compared token by token
    bool sameExperts = false;     // layers, experts and choices as the first run's: loads can be subtracted
    bool seesLaterTokens = false; // routed by groups of tokens: its perplexity is not comparable
};

struct CompareResult {
    std::vector<ComparedRun> runs;
    std::vector<double> factors;
    std::vector<CompareRow> rows; // by run, metric, layer, domain
    std::vector<std::string> notes;
};

// The share of assignments of each expert minus the first run's, [layers][experts]; empty unless sameExperts.
std::vector<std::vector<double>> shareDifferences(const CompareResult& result, std::size_t run);

// Metrics of runs side by side. Memory: one layer's routes of the first run, window counts of one layer, and the
// replicates of every figure. Synchronous.
class CompareService {
public:
    explicit CompareService(const Recording& recording) : m_recording(recording) {}

    // Throws Error: InvalidArgument (fewer than two runs), NotFound, Corruption, Cancelled.
    CompareResult compare(const CompareRequest& request, CompareObserver& observer, std::stop_token stop = {});

private:
    const Recording& m_recording;
};

} // namespace moescope
