#include "engine/routing/switch_loss.h"

#include "engine/routing/share_times_probability.h"

namespace moescope {

double switchLoss(const RoutingBlock& block, std::int32_t groupTokens, double scale, std::span<float> dLogits) {
    const double groups = (block.tokens + groupTokens - 1) / groupTokens;
    double sum = 0;
    eachGroup(block, groupTokens, [&](const RoutingBlock& group, std::int32_t begin) {
        std::vector<double> share = firstChoiceCounts(group);
        for (double& f : share)
            f *= double(group.experts) / double(group.tokens);
        sum += shareTimesProbability(group, share, scale / groups, groupRows(dLogits, group, begin));
    });
    return sum / groups;
}

} // namespace moescope
