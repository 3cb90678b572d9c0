#include "ui/data/sequence_balance.h"

#include <algorithm>

#include "analysis/load_balance.h"
#include "analysis/segment_counts.h"
#include "engine/routing/error.h"

namespace moescope {

SequenceBalance readSequenceBalance(const Recording& recording, const RunInfo& run, const RunFilter& filter,
                                    LayerId layer, int wanted, std::stop_token stop) {
    SequenceBalance out;
    out.layer = layer;
    out.stretch = std::max<std::int64_t>(128, (run.tokens + wanted - 1) / std::max(1, wanted));
    RunFilter one = filter;
    one.layers = {layer};
    const MoeLayerInfo* info = run.spec.findLayer(layer);
    if (!info || run.tokens == 0) {
        return out;
    }
    SegmentCounts counts(info->moe.experts, groupBoundaries(run.tokens, out.stretch));
    recording.eachRouting(run, one, false, [&](const RoutingBlock& block) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        counts.add(block);
    });
    for (std::size_t s = 0; s < counts.segments(); ++s) {
        const auto row = counts.counts(s);
        const std::vector<std::int64_t> loads(row.begin(), row.end());
        const LoadBalance balance = loadBalance(loads);
        if (balance.assignments > 0 && counts.tokens(s) >= out.stretch / 2) {
            out.points.push_back(
                {TokenIndex(s) * out.stretch, counts.tokens(s), balance.cv, balance.busiest, balance.maxVio + 1});
        }
    }
    out.chance = uniformNull(out.stretch, info->moe.topK, info->moe.experts);
    return out;
}

} // namespace moescope
