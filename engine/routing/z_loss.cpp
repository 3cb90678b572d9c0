#include "engine/routing/z_loss.h"

#include <vector>

#include "engine/routing/scores.h"
#include "engine/routing/softmax.h"

namespace moescope {

double zLoss(const RoutingBlock& block, double scale, std::span<float> dLogits) {
    const auto experts = std::size_t(block.experts);
    std::vector<float> probs(experts);
    double sum = 0;
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        const double lse = logSumExp(block.logitsOf(t));
        sum += lse * lse;
        if (dLogits.empty())
            continue;
        softmax(block.logitsOf(t), probs);
        float* d = dLogits.data() + std::size_t(t) * experts;
        for (std::size_t e = 0; e < experts; ++e)
            d[e] += float(scale * 2 * lse / double(block.tokens) * double(probs[e]));
    }
    return sum / double(block.tokens);
}

} // namespace moescope
