#include "ui/data/layer_overflow.h"

#include <algorithm>

#include "analysis/capacity_groups.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

const MoeLayerInfo& infoOf(const RunInfo& run, LayerId layer) {
    const auto at = std::find_if(run.spec.layers.begin(), run.spec.layers.end(),
                                 [layer](const MoeLayerInfo& l) { return l.layer == layer; });
    if (at == run.spec.layers.end()) {
        throw Error(ErrorCode::NotFound, "the run has no MoE layer " + std::to_string(layer.value));
    }
    return *at;
}

void serveNext(LayerOverflow& out, const CapacityGroup& group, const CapacityOptions& options) {
    const std::size_t at = out.served.size();
    out.served.resize(at + group.ids.size());
    const auto served = std::span(out.served).subspan(at);
    const auto capacity = capacityOf(options, std::int64_t(group.tokens()), group.topK, group.experts);
    serveGroup(group, options.policy, capacity, served);
    out.counts.add(group.ids, served);
}

void rank(LayerOverflow& out, CapacityWhatIf& whatIf, const CapacityGroup& group, OverflowPolicy policy) {
    const std::size_t at = out.ranks.size();
    out.ranks.resize(at + group.ids.size());
    queueRanks(group, policy, std::span(out.ranks).subspan(at));
    whatIf.add(group);
}

} // namespace

bool LayerOverflow::answers(const CapacityOptions& now) const {
    return now.policy == options.policy && now.groupTokens == options.groupTokens &&
           (now.policy != OverflowPolicy::Next || now == options);
}

std::int64_t LayerOverflow::capacityAt(TokenIndex token, const CapacityOptions& now) const {
    const TokenIndex begin = token / now.groupTokens * now.groupTokens;
    return capacityOf(now, std::min<std::int64_t>(now.groupTokens, tokens() - begin), topK, experts);
}

bool LayerOverflow::dropped(TokenIndex token, int slot, const CapacityOptions& now) const {
    const auto at = std::size_t(token) * std::size_t(topK) + std::size_t(slot);
    if (ids[at] == kNoExpert) {
        return false;
    }
    return options.policy == OverflowPolicy::Next ? served[at] == kNoExpert : ranks[at] >= capacityAt(token, now);
}

int LayerOverflow::droppedSlots(TokenIndex token, const CapacityOptions& now) const {
    int lost = 0;
    for (int slot = 0; slot < topK; ++slot) {
        lost += dropped(token, slot, now) ? 1 : 0;
    }
    return lost;
}

int LayerOverflow::choices(TokenIndex token) const {
    int n = 0;
    for (int slot = 0; slot < topK; ++slot) {
        n += ids[std::size_t(token) * std::size_t(topK) + std::size_t(slot)] != kNoExpert ? 1 : 0;
    }
    return n;
}

ExpertOverflow overflowByExpert(const LayerOverflow& layer, const CapacityOptions& options) {
    if (options.policy == OverflowPolicy::Next) {
        return {layer.counts.assigned, layer.counts.dropped, layer.counts.received};
    }
    return {layer.whatIf->assignedByExpert(), layer.whatIf->droppedByExpert(options),
            std::vector<std::int64_t>(std::size_t(layer.experts), 0)};
}

OverflowTotals overflowTotals(const LayerOverflow& layer, const CapacityOptions& options) {
    if (options.policy != OverflowPolicy::Next) {
        return layer.whatIf->at(options);
    }
    OverflowTotals totals;
    totals.capacity = capacityOf(options, options.groupTokens, layer.topK, layer.experts);
    totals.tokens = layer.tokens();
    for (TokenIndex t = 0; t < layer.tokens(); ++t) {
        const int lost = layer.droppedSlots(t, options), all = layer.choices(t);
        totals.assigned += all;
        totals.dropped += lost;
        totals.tokensLosingSome += lost > 0 ? 1 : 0;
        totals.tokensLosingAll += all > 0 && lost == all ? 1 : 0;
    }
    return totals;
}

LayerOverflow readLayerOverflow(const Recording& recording, const RunInfo& run, LayerId layer,
                                const CapacityOptions& options, std::stop_token stop) {
    const MoeLayerInfo& info = infoOf(run, layer);
    LayerOverflow out;
    out.layer = layer;
    out.options = options;
    out.topK = info.moe.topK;
    out.experts = info.moe.experts;
    out.counts = OverflowCounts(info.moe.experts);
    const bool next = options.policy == OverflowPolicy::Next;
    auto whatIf =
        next ? nullptr
             : std::make_shared<CapacityWhatIf>(info.moe.experts, info.moe.topK, options.policy, options.groupTokens);
    CapacityGroups groups(info, options.policy, options.groupTokens, [&](const CapacityGroup& group, TokenIndex) {
        out.ids.insert(out.ids.end(), group.ids.begin(), group.ids.end());
        if (next) {
            serveNext(out, group, options);
        } else {
            rank(out, *whatIf, group, options.policy);
        }
    });
    RunFilter one;
    one.layers = {layer};
    recording.eachRouting(run, one, options.policy != OverflowPolicy::Drop, [&](const RoutingBlock& block) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        groups.add(block);
    });
    groups.finish();
    out.whatIf = std::move(whatIf);
    return out;
}

} // namespace moescope
