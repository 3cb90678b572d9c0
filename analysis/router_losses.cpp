#include "analysis/router_losses.h"

#include <cmath>
#include <numeric>

#include "analysis/none.h"

namespace moescope {

namespace {

double over(double sum, std::int64_t count) {
    return count == 0 ? kNone : sum / double(count);
}

// sum_e f_e P_e with f from the top-1 choices.
double top1TimesProb(const LayerSummary& layer) {
    double sum = 0;
    for (std::size_t e = 0; e < layer.top1.size(); ++e) {
        sum += over(double(layer.top1[e]), layer.tokens) * over(layer.probSum[e], layer.tokensWithLogits);
    }
    return sum;
}

double squaredCv(std::span<const double> values) {
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
    double squares = 0;
    for (double v : values) {
        squares += (v - mean) * (v - mean);
    }
    return mean == 0 ? kNone : squares / double(values.size()) / (mean * mean);
}

} // namespace

double switchAuxLoss(const LayerSummary& layer) {
    return double(layer.experts) * top1TimesProb(layer);
}

double gshardAuxLoss(const LayerSummary& layer) {
    return top1TimesProb(layer) / double(layer.experts);
}

double hfLoadBalancingLoss(std::span<const LayerSummary> layers) {
    if (layers.empty()) {
        return kNone;
    }
    std::int64_t tokens = 0;
    std::int64_t withLogits = 0;
    std::vector<double> counts(std::size_t(layers[0].experts)), probs(counts.size());
    for (const LayerSummary& layer : layers) {
        if (layer.experts != layers[0].experts) {
            return kNone; // rows of different width cannot be pooled
        }
        tokens += layer.tokens;
        withLogits += layer.tokensWithLogits;
        for (std::size_t e = 0; e < counts.size(); ++e) {
            counts[e] += double(layer.assignments[e]);
            probs[e] += layer.probSum[e];
        }
    }
    double sum = 0;
    for (std::size_t e = 0; e < counts.size(); ++e) {
        sum += over(counts[e], tokens) * over(probs[e], withLogits);
    }
    return double(counts.size()) * sum;
}

double routerZLoss(const LayerSummary& layer) {
    return over(layer.zSum, layer.tokensWithLogits);
}

double importanceLoss(const LayerSummary& layer) {
    return squaredCv(layer.weightSum);
}

double squaredCountLoss(const LayerSummary& layer) {
    const auto total = std::accumulate(layer.assignments.begin(), layer.assignments.end(), std::int64_t(0));
    double sum = 0;
    for (std::int64_t n : layer.assignments) {
        sum += over(double(n), total) * over(double(n), total);
    }
    return double(layer.experts) * sum;
}

double meanMargin(const LayerSummary& layer) {
    return over(layer.marginSum, layer.tokensWithMargin);
}

} // namespace moescope
