#include "ui/data/training_snapshots.h"

#include <algorithm>
#include <string>

#include "analysis/none.h"
#include "analysis/separability.h"
#include "engine/routing/error.h"
#include "ui/data/training_runs.h"

namespace moescope {

namespace {

// The choices of a run, layer by layer.
struct Routes {
    std::int32_t topK = 0;
    std::vector<std::vector<std::uint16_t>> ids; // [layers][tokens, topK]
};

Routes readRoutes(const Recording& recording, const RunInfo& run, const std::stop_token& stop) {
    Routes routes;
    routes.ids.resize(run.spec.layers.size());
    recording.eachRouting(run, {}, false, [&](const RoutingBlock& block) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        routes.topK = block.topK;
        for (std::size_t l = 0; l < routes.ids.size(); ++l) {
            if (run.spec.layers[l].layer == block.layer) {
                routes.ids[l].insert(routes.ids[l].end(), block.ids.begin(), block.ids.end());
            }
        }
    });
    return routes;
}

std::int32_t shared(std::span<const std::uint16_t> a, std::span<const std::uint16_t> b) {
    std::int32_t n = 0;
    for (const std::uint16_t id : a) {
        n += id != kNoExpert && std::find(b.begin(), b.end(), id) != b.end() ? 1 : 0;
    }
    return n;
}

// The snapshot may hold the beginnings of the documents only; tokens are held against those of the same place.
double saturationOf(const RunInfo& run, const Routes& routes, const RunInfo& end, const Routes& last,
                    std::size_t layer) {
    const auto k = std::size_t(routes.topK);
    const std::span<const std::uint16_t> a(routes.ids[layer]), b(last.ids[layer]);
    std::int64_t same = 0, all = 0;
    for (std::size_t d = 0; d < std::min(run.documents.size(), end.documents.size()); ++d) {
        const DocumentInfo &here = run.documents[d], &there = end.documents[d];
        for (std::int64_t t = 0; t < std::min(here.tokens, there.tokens); ++t) {
            const std::size_t i = std::size_t(here.first + t) * k, j = std::size_t(there.first + t) * k;
            if (i + k > a.size() || j + k > b.size()) {
                break;
            }
            same += shared(a.subspan(i, k), b.subspan(j, k));
            all += std::int64_t(k);
        }
    }
    return all == 0 ? kNone : double(same) / double(all);
}

std::int64_t stepOf(const RunInfo& snapshot) {
    return std::stoll(snapshot.spec.name.substr(snapshot.spec.name.rfind('@') + 1));
}

bool belongs(const RunInfo& run, const RunInfo& end) {
    return isSnapshot(run) && run.spec.name.substr(0, run.spec.name.rfind('@')) == end.spec.name &&
           run.spec.layers.size() == end.spec.layers.size() && run.tokens > 0;
}

} // namespace

TrainingSnapshots readTrainingSnapshots(const Recording& recording, std::span<const RunInfo> runs, const RunInfo& end,
                                        std::stop_token stop) {
    TrainingSnapshots out{end, {}};
    if (end.tokens == 0 || std::none_of(runs.begin(), runs.end(), [&](const auto& r) { return belongs(r, end); })) {
        return out;
    }
    const Routes last = readRoutes(recording, end, stop);
    for (const RunInfo& run : runs) {
        if (!belongs(run, end)) {
            continue;
        }
        const Routes routes = readRoutes(recording, run, stop);
        if (routes.topK != last.topK) {
            continue;
        }
        TrainingSnapshots::Point point;
        point.step = stepOf(run);
        for (const LayerSummary& sums : recording.summaries(run, {})) {
            point.separability.push_back(domainSeparability(sums.byDomain, sums.experts));
            point.saturation.push_back(saturationOf(run, routes, end, last, point.saturation.size()));
        }
        out.points.push_back(std::move(point));
    }
    std::sort(out.points.begin(), out.points.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
    return out;
}

} // namespace moescope
