#include "ui/data/capacity_curves.h"

#include <algorithm>
#include <cmath>

#include "analysis/capacity_groups.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

std::shared_ptr<const LayerCurve> readCurve(const Recording& recording, const RunInfo& run, const MoeLayerInfo& info,
                                            const CapacityOptions& options, const std::stop_token& stop) {
    CapacityWhatIf whatIf(info.moe.experts, info.moe.topK, OverflowPolicy::Drop, options.groupTokens,
                          recording.topK(run, info));
    CapacityGroups groups(info, OverflowPolicy::Drop, options.groupTokens,
                          [&whatIf](const CapacityGroup& group, TokenIndex) { whatIf.add(group); });
    RunFilter one;
    one.layers = {info.layer};
    recording.eachRouting(run, one, false, [&](const RoutingBlock& block) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        groups.add(block);
    });
    groups.finish();
    auto curve = std::make_shared<LayerCurve>();
    curve->layer = info.layer;
    curve->options = options;
    curve->factors = curveFactors();
    for (const OverflowTotals& totals : whatIf.curve(options, curve->factors)) {
        curve->dropped.push_back(totals.droppedShare());
    }
    return curve;
}

} // namespace

std::vector<double> curveFactors() {
    std::vector<double> factors;
    for (int i = 10; i <= 80; ++i) {
        factors.push_back(i * 0.05);
    }
    return factors;
}

double droppedShareAt(const LayerCurve& curve, double factor) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < curve.factors.size(); ++i) {
        best = std::abs(curve.factors[i] - factor) < std::abs(curve.factors[best] - factor) ? i : best;
    }
    return curve.dropped[best];
}

// How many choices are dropped does not depend on who is dropped: one curve serves drop, priority and prob.
void readCapacityCurves(const Recording& recording, const RunInfo& run, const CapacityOptions& options, LayerId first,
                        std::stop_token stop, const DeliverCurve& deliver) {
    for (const bool now : {true, false}) {
        for (const MoeLayerInfo& info : run.spec.layers) {
            if ((info.layer == first) == now) {
                deliver(readCurve(recording, run, info, options, stop));
            }
        }
    }
}

} // namespace moescope
