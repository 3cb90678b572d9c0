#include "engine/routing/sequence_balance.h"

#include <algorithm>
#include <numeric>

#include "engine/routing/share_times_probability.h"
#include "engine/routing/softmax.h"

namespace moescope {

namespace {

// The same sum with P from sigmoid scores s divided by their sum S: d/dl_te = s (1 - s) (f_e - sum_j f_j P_tj) / (S T).
double shareTimesSigmoid(const RoutingBlock& block, std::span<const double> share, double scale,
                         std::span<float> dLogits) {
    const auto experts = std::size_t(block.experts);
    std::vector<float> scores(experts);
    double total = 0;
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        sigmoid(block.logitsOf(t), scores);
        const double sum = std::max(1e-20, std::accumulate(scores.begin(), scores.end(), 0.0));
        double mean = 0;
        for (std::size_t e = 0; e < experts; ++e)
            mean += share[e] * double(scores[e]) / sum;
        total += mean;
        if (dLogits.empty())
            continue;
        float* d = dLogits.data() + std::size_t(t) * experts;
        for (std::size_t e = 0; e < experts; ++e) {
            const double s = double(scores[e]);
            d[e] += float(scale / double(block.tokens) * s * (1 - s) / sum * (share[e] - mean));
        }
    }
    return total / double(block.tokens);
}

} // namespace

double sequenceBalanceLoss(const RoutingBlock& block, ScoreFunction score, std::int32_t sequenceTokens, double scale,
                           std::span<float> dLogits) {
    const double sequences = (block.tokens + sequenceTokens - 1) / sequenceTokens;
    double sum = 0;
    eachGroup(block, sequenceTokens, [&](const RoutingBlock& group, std::int32_t begin) {
        std::vector<double> share = choiceCounts(group);
        for (double& f : share)
            f *= double(group.experts) / (double(group.topK) * double(group.tokens));
        const std::span<float> rows = groupRows(dLogits, group, begin);
        sum += score == ScoreFunction::Sigmoid ? shareTimesSigmoid(group, share, scale / sequences, rows)
                                               : shareTimesProbability(group, share, scale / sequences, rows);
    });
    return sum / sequences;
}

} // namespace moescope
