#include "ui/data/layer_overflow.h"

#include <algorithm>

#include "analysis/capacity_groups.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

const MoeLayerInfo& infoOf(const RunInfo& run, LayerId layer) {
    const MoeLayerInfo* info = run.spec.findLayer(layer);
    if (!info) {
        throw Error(ErrorCode::NotFound, "the run has no MoE layer " + std::to_string(layer.value));
    }
    return *info;
}

void serveNext(LayerOverflow& out, const CapacityGroup& group, const CapacityOptions& options) {
    const std::size_t at = out.served.size();
    out.served.resize(at + group.ids.size());
    const auto served = std::span(out.served).subspan(at);
    const auto capacity = capacityOf(options, std::int64_t(group.tokens()), out.meantTopK, group.experts);
    serveGroup(group, options.policy, capacity, served);
    out.counts.add(group.ids, served);
    const auto k = std::size_t(group.topK);
    for (std::size_t t = 0; t < group.tokens(); ++t) {
        std::int64_t lost = 0, all = 0;
        for (std::size_t i = t * k; i < (t + 1) * k; ++i) {
            all += group.ids[i] != kNoExpert ? 1 : 0;
            lost += group.ids[i] != kNoExpert && served[i] == kNoExpert ? 1 : 0;
        }
        out.totals.add({0, 1, all, lost, lost > 0 ? 1 : 0, all > 0 && lost == all ? 1 : 0});
    }
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
    return capacityOf(now, std::min<std::int64_t>(now.groupTokens, tokens() - begin), meantTopK, experts);
}

bool LayerOverflow::droppedAt(std::size_t choice, std::int64_t capacity) const {
    if (ids[choice] == kNoExpert) {
        return false;
    }
    return options.policy == OverflowPolicy::Next ? served[choice] == kNoExpert : ranks[choice] >= capacity;
}

bool LayerOverflow::dropped(TokenIndex token, int slot, const CapacityOptions& now) const {
    return droppedAt(std::size_t(token) * std::size_t(topK) + std::size_t(slot), capacityAt(token, now));
}

int LayerOverflow::droppedSlots(TokenIndex token, std::int64_t capacity) const {
    int lost = 0;
    for (std::size_t i = std::size_t(token) * std::size_t(topK); i < std::size_t(token + 1) * std::size_t(topK); ++i) {
        lost += droppedAt(i, capacity) ? 1 : 0;
    }
    return lost;
}

int LayerOverflow::droppedSlots(TokenIndex token, const CapacityOptions& now) const {
    return droppedSlots(token, capacityAt(token, now));
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
    return layer.totals;
}

std::vector<TokenIndex> lostTokens(const LayerOverflow& layer, const CapacityOptions& options, std::size_t most) {
    std::vector<TokenIndex> all, some;
    std::int64_t capacity = 0;
    for (TokenIndex t = 0; t < layer.tokens() && all.size() < most; ++t) {
        capacity = t % options.groupTokens == 0 ? layer.capacityAt(t, options) : capacity;
        const int lost = layer.droppedSlots(t, capacity);
        if (lost > 0 && lost == layer.choices(t)) {
            all.push_back(t);
        } else if (lost > 0 && some.size() < most) {
            some.push_back(t);
        }
    }
    all.insert(all.end(), some.begin(), some.begin() + std::ptrdiff_t(std::min(some.size(), most - all.size())));
    return all;
}

namespace {

LayerOverflow emptyOverflow(const Recording& recording, const RunInfo& run, const MoeLayerInfo& info,
                            const CapacityOptions& options) {
    LayerOverflow out;
    out.layer = info.layer;
    out.options = options;
    out.topK = info.moe.topK;
    out.meantTopK = recording.topK(run, info);
    out.experts = info.moe.experts;
    out.of = run.tokens;
    out.counts = OverflowCounts(info.moe.experts);
    out.totals.capacity = capacityOf(options, options.groupTokens, out.meantTopK, out.experts);
    return out;
}

void readGroups(const Recording& recording, const RunInfo& run, const MoeLayerInfo& info,
                const CapacityOptions& options, const std::stop_token& stop, const CapacityGroups::Visit& visit) {
    CapacityGroups groups(info, options.policy, options.groupTokens, visit);
    RunFilter one;
    one.layers = {info.layer};
    recording.eachRouting(run, one, options.policy != OverflowPolicy::Drop, [&](const RoutingBlock& block) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        groups.add(block);
    });
    groups.finish();
}

LayerOverflow rankAll(const Recording& recording, const RunInfo& run, const MoeLayerInfo& info,
                      const CapacityOptions& options, const std::stop_token& stop) {
    LayerOverflow out = emptyOverflow(recording, run, info, options);
    auto whatIf = std::make_shared<CapacityWhatIf>(info.moe.experts, info.moe.topK, options.policy, options.groupTokens,
                                                   out.meantTopK);
    readGroups(recording, run, info, options, stop, [&](const CapacityGroup& group, TokenIndex) {
        out.ids.insert(out.ids.end(), group.ids.begin(), group.ids.end());
        rank(out, *whatIf, group, options.policy);
    });
    out.whatIf = std::move(whatIf);
    return out;
}

LayerOverflow serveAll(const Recording& recording, const RunInfo& run, const MoeLayerInfo& info,
                       const CapacityOptions& options, const std::stop_token& stop) {
    LayerOverflow out = emptyOverflow(recording, run, info, options);
    const bool keep = run.tokens * out.experts * std::int64_t(sizeof(float)) <= LayerScores::kMostBytes;
    auto scores = std::make_shared<LayerScores>(LayerScores{info.layer, run.tokens, {}});
    if (keep) {
        scores->scores.reserve(std::size_t(run.tokens) * std::size_t(out.experts));
    }
    readGroups(recording, run, info, options, stop, [&](const CapacityGroup& group, TokenIndex) {
        out.ids.insert(out.ids.end(), group.ids.begin(), group.ids.end());
        serveNext(out, group, options);
        if (keep) {
            scores->scores.insert(scores->scores.end(), group.choiceScores.begin(), group.choiceScores.end());
        }
    });
    if (keep) {
        out.scores = std::move(scores);
    }
    return out;
}

// Serves what was read before once more; its ids come from the recording, which is quick.
LayerOverflow serveAgain(const Recording& recording, const RunInfo& run, const MoeLayerInfo& info,
                         const CapacityOptions& options, const std::shared_ptr<const LayerScores>& known,
                         const std::stop_token& stop) {
    LayerOverflow out = emptyOverflow(recording, run, info, options);
    CapacityOptions idsOnly = options;
    idsOnly.policy = OverflowPolicy::Drop;
    const auto experts = std::size_t(out.experts);
    readGroups(recording, run, info, idsOnly, stop, [&](const CapacityGroup& ids, TokenIndex first) {
        CapacityGroup group = ids;
        group.choiceScores = std::span(known->scores).subspan(std::size_t(first) * experts, ids.tokens() * experts);
        out.ids.insert(out.ids.end(), group.ids.begin(), group.ids.end());
        serveNext(out, group, options);
    });
    out.scores = known;
    return out;
}

} // namespace

LayerOverflow readLayerOverflow(const Recording& recording, const RunInfo& run, LayerId layer,
                                const CapacityOptions& options, std::stop_token stop) {
    const MoeLayerInfo& info = infoOf(run, layer);
    return options.policy == OverflowPolicy::Next ? serveAll(recording, run, info, options, stop)
                                                  : rankAll(recording, run, info, options, stop);
}

void readLayerOverflow(const Recording& recording, const RunInfo& run, LayerId layer, const CapacityOptions& options,
                       const std::shared_ptr<const LayerScores>& known, std::stop_token stop,
                       const DeliverOverflow& deliver) {
    const MoeLayerInfo& info = infoOf(run, layer);
    const bool again =
        options.policy == OverflowPolicy::Next && known && known->layer == layer && known->tokens == run.tokens;
    const auto answer = [&](const RunInfo& part) {
        LayerOverflow out = again ? serveAgain(recording, part, info, options, known, stop)
                                  : readLayerOverflow(recording, part, layer, options, stop);
        out.of = run.tokens;
        deliver(std::make_shared<const LayerOverflow>(std::move(out)));
    };
    const TokenIndex sample = std::max<TokenIndex>(kOverflowSample / options.groupTokens, 1) * options.groupTokens;
    if (options.policy != OverflowPolicy::Drop && run.tokens >= 2 * sample) {
        RunInfo part = run;
        part.tokens = sample;
        answer(part);
    }
    answer(run);
}

} // namespace moescope
