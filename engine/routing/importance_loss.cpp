#include "engine/routing/importance_loss.h"

#include "engine/routing/squared_cv.h"

namespace moescope {

std::vector<double> importance(const RoutingBlock& block) {
    std::vector<double> sums(std::size_t(block.experts));
    for (std::size_t i = 0; i < block.ids.size(); ++i)
        if (block.ids[i] != kNoExpert)
            sums[block.ids[i]] += double(block.weights[i]);
    return sums;
}

double importanceLoss(const RoutingBlock& block, double scale, std::span<float> dWeights) {
    const std::vector<double> sums = importance(block);
    std::vector<double> gradient(sums.size());
    const double loss = squaredCv(sums, scale, gradient);
    for (std::size_t i = 0; i < dWeights.size(); ++i)
        if (block.ids[i] != kNoExpert)
            dWeights[i] += float(gradient[block.ids[i]]);
    return loss;
}

} // namespace moescope
