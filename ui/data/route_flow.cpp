#include "ui/data/route_flow.h"

#include "engine/routing/error.h"

namespace moescope {

namespace {

// The ids of one layer, all blocks of the filter in order.
struct LayerIds {
    std::int32_t topK = 0, experts = 0;
    std::vector<std::uint16_t> ids;

    RoutingBlock block(LayerId layer) const {
        RoutingBlock out;
        out.layer = layer;
        out.topK = topK;
        out.experts = experts;
        out.tokens = topK == 0 ? 0 : std::int32_t(ids.size() / std::size_t(topK));
        out.ids = ids;
        return out;
    }
};

void eachBlock(const Recording& recording, const RunInfo& run, const RunFilter& filter, LayerId layer,
               const std::stop_token& stop, const std::function<void(const RoutingBlock&)>& visit) {
    RunFilter one = filter;
    one.layers = {layer};
    recording.eachRouting(run, one, false, [&](const RoutingBlock& block) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        visit(block);
    });
}

LayerIds readIds(const Recording& recording, const RunInfo& run, const RunFilter& filter, LayerId layer,
                 const std::stop_token& stop) {
    LayerIds out;
    if (const MoeLayerInfo* info = run.spec.findLayer(layer)) {
        out.experts = info->moe.experts;
    }
    eachBlock(recording, run, filter, layer, stop, [&out](const RoutingBlock& block) {
        out.topK = block.topK;
        out.ids.insert(out.ids.end(), block.ids.begin(), block.ids.end());
    });
    return out;
}

RouteFlow::Layer loadOf(LayerId layer, const LayerIds& ids) {
    RouteFlow::Layer out{layer, ids.experts, ids.topK, std::vector<std::int64_t>(std::size_t(ids.experts))};
    for (const std::uint16_t id : ids.ids) {
        if (id != kNoExpert) {
            ++out.load[id];
        }
    }
    return out;
}

} // namespace

double RouteFlow::expected(std::size_t step, std::int32_t from, std::int32_t to) const {
    const auto a = double(layers[step].load[std::size_t(from)]), b = double(layers[step + 1].load[std::size_t(to)]);
    return tokens == 0 ? 0 : a * b / double(tokens);
}

RouteFlow readRouteFlow(const Recording& recording, const RunInfo& run, const RunFilter& filter,
                        const std::vector<LayerId>& layers, std::stop_token stop) {
    RouteFlow flow;
    LayerIds before;
    for (const LayerId layer : layers) {
        LayerIds now = readIds(recording, run, filter, layer, stop);
        const RoutingBlock block = now.block(layer);
        if (!flow.layers.empty()) {
            flow.steps.emplace_back(before.experts, now.experts);
            flow.steps.back().add(before.block(flow.layers.back().layer), block);
        }
        flow.tokens = block.tokens;
        flow.layers.push_back(loadOf(layer, now));
        before = std::move(now);
    }
    return flow;
}

LayerPartners readPartners(const Recording& recording, const RunInfo& run, const RunFilter& filter, LayerId layer,
                           std::stop_token stop) {
    LayerPartners out;
    out.layer = layer;
    if (const MoeLayerInfo* info = run.spec.findLayer(layer)) {
        out.topK = info->moe.topK;
        out.counts = CoactivationCounts(info->moe.experts);
    }
    eachBlock(recording, run, filter, layer, stop, [&out](const RoutingBlock& block) {
        out.tokens += block.tokens;
        out.counts.add(block);
    });
    return out;
}

} // namespace moescope
