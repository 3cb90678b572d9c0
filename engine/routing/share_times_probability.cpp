#include "engine/routing/share_times_probability.h"

#include "engine/routing/softmax.h"

namespace moescope {

double shareTimesProbability(const RoutingBlock& block, std::span<const double> share, double scale,
                             std::span<float> dLogits) {
    const auto experts = std::size_t(block.experts);
    std::vector<float> probs(experts);
    double total = 0;
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        softmax(block.logitsOf(t), probs);
        double mean = 0; // sum_j f_j p_tj
        for (std::size_t e = 0; e < experts; ++e)
            mean += share[e] * double(probs[e]);
        total += mean;
        if (dLogits.empty())
            continue;
        float* d = dLogits.data() + std::size_t(t) * experts;
        for (std::size_t e = 0; e < experts; ++e)
            d[e] += float(scale / double(block.tokens) * double(probs[e]) * (share[e] - mean));
    }
    return total / double(block.tokens);
}

std::vector<double> choiceCounts(const RoutingBlock& block) {
    std::vector<double> counts(std::size_t(block.experts));
    for (const std::uint16_t id : block.ids)
        if (id != kNoExpert)
            ++counts[id];
    return counts;
}

std::vector<double> firstChoiceCounts(const RoutingBlock& block) {
    std::vector<double> counts(std::size_t(block.experts));
    for (std::int32_t t = 0; t < block.tokens; ++t)
        if (const std::uint16_t id = block.idsOf(t)[0]; id != kNoExpert)
            ++counts[id];
    return counts;
}

} // namespace moescope
