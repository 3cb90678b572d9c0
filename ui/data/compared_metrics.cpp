#include "ui/data/compared_metrics.h"

#include <algorithm>
#include <cmath>

#include "analysis/none.h"

namespace moescope {

namespace {

template <class Measure>
double meanOver(const RunFacts& run, Measure measure) {
    double sum = 0;
    int layers = 0;
    for (const LayerFacts& layer : run.layers) {
        const double value = measure(layer);
        if (std::isfinite(value)) {
            sum += value;
            ++layers;
        }
    }
    return layers == 0 ? kNone : sum / layers;
}

double deadExperts(const RunFacts& run) {
    double dead = 0;
    for (const LayerFacts& layer : run.layers) {
        dead += layer.balance.deadExperts;
    }
    return dead;
}

} // namespace

double meanMaxVio(const RunFacts& run) {
    return meanOver(run, [](const LayerFacts& l) { return l.balance.maxVio; });
}

double meanEntropy(const RunFacts& run) {
    return meanOver(run, [](const LayerFacts& l) { return l.balance.normalizedEntropy; });
}

std::vector<ComparedMetric> metricsOfSums(const std::vector<std::shared_ptr<const RunFacts>>& runs) {
    std::vector<ComparedMetric> rows;
    const auto add = [&](const char* key, auto measure) {
        ComparedMetric row{key, {}};
        for (const auto& run : runs) {
            row.values.push_back({});
            row.values.back().value = measure(*run);
        }
        rows.push_back(std::move(row));
    };
    add("max_vio", meanMaxVio);
    add("cv", [](const RunFacts& r) { return meanOver(r, [](const auto& l) { return l.balance.cv; }); });
    add("normalized_entropy", meanEntropy);
    add("dead_experts", deadExperts);
    add("separability", [](const RunFacts& r) { return meanOver(r, [](const auto& l) { return l.separability; }); });
    add("mean_margin", [](const RunFacts& r) { return meanOver(r, [](const auto& l) { return l.meanMargin; }); });
    add("z_loss", [](const RunFacts& r) { return meanOver(r, [](const auto& l) { return l.zLoss; }); });
    return rows;
}

std::vector<ComparedMetric> metricsOf(const CompareResult& result) {
    std::vector<ComparedMetric> out;
    for (const CompareRow& row : result.rows) {
        if (row.layer || !row.domain.empty()) {
            continue;
        }
        auto at = std::find_if(out.begin(), out.end(), [&row](const auto& m) { return m.key == row.metric; });
        if (at == out.end()) {
            out.push_back({row.metric, std::vector<ComparedValue>(result.runs.size())});
            at = out.end() - 1;
        }
        const bool isPlain = row.metric == "changed_tokens" || row.metric == "jaccard" || row.metric == "saturation";
        at->values[row.run] = {row.value, row.low, row.high, row.p, row.significant, isPlain ? "" : row.note};
    }
    return out;
}

std::vector<LayerValue> layerValues(const CompareResult& result, std::size_t run, const std::string& metric) {
    std::vector<LayerValue> out;
    for (const CompareRow& row : result.rows) {
        if (row.run == run && row.metric == metric && row.layer && std::isfinite(row.value)) {
            out.push_back({*row.layer, row.value});
        }
    }
    return out;
}

} // namespace moescope
