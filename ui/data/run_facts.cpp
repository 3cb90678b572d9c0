#include "ui/data/run_facts.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "analysis/router_losses.h"
#include "analysis/separability.h"
#include "app/service/token_filter.h"
#include "engine/routing/error.h"

namespace moescope {

double LayerFacts::ratioOf(std::int32_t expert) const {
    return loadRatio(summary.assignments[std::size_t(expert)], balance.assignments, summary.experts);
}

const LayerFacts* RunFacts::find(LayerId layer) const {
    const int index = indexOf(layer);
    return index < 0 ? nullptr : &layers[std::size_t(index)];
}

int RunFacts::indexOf(LayerId layer) const {
    const auto at =
        std::find_if(layers.begin(), layers.end(), [layer](const LayerFacts& f) { return f.layer() == layer; });
    return at == layers.end() ? -1 : int(at - layers.begin());
}

const LayerFacts* RunFacts::leastBalanced() const {
    const auto worst = std::max_element(layers.begin(), layers.end(), [](const LayerFacts& a, const LayerFacts& b) {
        return a.balance.maxVio < b.balance.maxVio; // as the finding in words has it
    });
    return worst == layers.end() ? nullptr : &*worst;
}

std::int32_t RunFacts::mostExperts() const {
    std::int32_t most = 0;
    for (const LayerFacts& layer : layers) {
        most = std::max(most, layer.summary.experts);
    }
    return most;
}

namespace {

std::vector<LayerSummary> wholeRun(const Recording& recording, const RunInfo& run, const RunFilter& filter) {
    RunFilter all;
    all.layers = filter.layers;
    return recording.summaries(run, all);
}

} // namespace

RunFacts readRunFacts(const Recording& recording, const RunInfo& run, const RunFilter& asked, std::stop_token stop) {
    const RunFilter filter = withTokenIds(recording, run, asked);
    RunFacts facts{run, filter, {}};
    std::map<std::tuple<std::int64_t, int, int>, UniformNull> nulls; // layers of one shape share theirs
    const std::vector<LayerSummary> pooled =
        filter.everyToken() ? std::vector<LayerSummary>() : wholeRun(recording, run, filter);
    for (LayerSummary& summary : recording.summaries(run, filter)) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        LayerFacts layer;
        layer.balance = loadBalance(summary.assignments);
        const auto shape = std::tuple(summary.tokens, summary.topK, summary.experts);
        if (!nulls.contains(shape)) {
            nulls.emplace(shape, uniformNull(summary.tokens, summary.topK, summary.experts));
        }
        layer.chance = nulls.at(shape);
        layer.switchAux = switchAuxLoss(summary);
        layer.zLoss = routerZLoss(summary);
        layer.meanMargin = meanMargin(summary);
        layer.separability = domainSeparability(summary.byDomain, summary.experts);
        layer.summary = std::move(summary);
        layer.pooled = pooled.empty() ? layer.summary : pooled[facts.layers.size()];
        facts.layers.push_back(std::move(layer));
    }
    return facts;
}

} // namespace moescope
