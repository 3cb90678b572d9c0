#include "engine/routing/topk_aux_loss.h"

#include <algorithm>
#include <numeric>

#include "engine/routing/share_times_probability.h"

namespace moescope {

double topKAuxLoss(const RoutingBlock& block, double scale, std::span<float> dLogits) {
    std::vector<double> share = choiceCounts(block);
    const double all = std::max(1.0, std::accumulate(share.begin(), share.end(), 0.0));
    for (double& f : share)
        f *= double(block.experts) / all;
    return shareTimesProbability(block, share, scale, dLogits);
}

} // namespace moescope
