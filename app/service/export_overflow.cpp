#include <algorithm>

#include "analysis/capacity_groups.h"
#include "app/service/export_filter.h"
#include "app/service/export_tables.h"

// Who loses a place under a capacity. Groups are of the whole run; the filter says which of their tokens are counted.
namespace moescope {

namespace {

void addChoices(std::span<const std::uint16_t> ids, std::span<std::int64_t> chosen) {
    for (const std::uint16_t e : ids) {
        if (e != kNoExpert) {
            ++chosen[e];
        }
    }
}

// Serves every group that holds a token of the filter, in one layer.
template <class Visit> // (group, served, first)
void eachServedGroup(const ExportContext& context, const MoeLayerInfo& layer, TokenRange range, Visit visit) {
    const CapacityOptions& options = context.capacity;
    const std::int32_t topK = context.recording.topK(context.run, layer);
    std::vector<std::uint16_t> served;
    CapacityGroups groups(
        layer, options.policy, options.groupTokens, [&](const CapacityGroup& group, TokenIndex first) {
            const std::int64_t capacity = capacityOf(options, std::int64_t(group.tokens()), topK, layer.moe.experts);
            served.resize(group.ids.size());
            serveGroup(group, options.policy, capacity, served);
            visit(group, std::span<const std::uint16_t>(served), first);
        });
    RunFilter whole;
    whole.layers = {layer.layer};
    whole.tokenBegin = range.begin;
    whole.tokenEnd = range.end;
    const auto add = [&](const RoutingBlock& block) { groups.add(block); };
    if (options.policy == OverflowPolicy::Drop) {
        context.recording.eachChoice(context.run, whole, add);
    } else {
        context.recording.eachRouting(context.run, whole, true, add);
    }
    groups.finish();
}

// The counts of a layer's groups, all their tokens counted, under a policy that drops what finds no place: who of an
// expert's queue is dropped does not matter, and nothing but the ids is needed.
OverflowCounts countQueues(const ExportContext& context, const MoeLayerInfo& layer) {
    const CapacityOptions& options = context.capacity;
    const std::int32_t topK = context.recording.topK(context.run, layer);
    OverflowCounts counts(layer.moe.experts);
    std::vector<std::int64_t> chosen(std::size_t(layer.moe.experts));
    RunFilter one;
    one.layers = {layer.layer};
    context.recording.eachChoice(context.run, one, [&](const RoutingBlock& block) {
        for (TokenIndex at = block.first; at < block.end();) {
            const TokenIndex first = at / options.groupTokens * options.groupTokens;
            const TokenIndex end = std::min(first + options.groupTokens, context.run.tokens);
            const TokenIndex until = std::min(end, block.end());
            const auto k = std::size_t(block.topK);
            addChoices(block.ids.subspan(std::size_t(at - block.first) * k, std::size_t(until - at) * k), chosen);
            if (until == end) {
                counts.addGroup(chosen, capacityOf(options, end - first, topK, layer.moe.experts));
                std::fill(chosen.begin(), chosen.end(), 0);
            }
            at = until;
        }
    });
    return counts;
}

// The filter's tokens widened to whole groups; empty where it takes none.
TokenRange wholeGroups(const ExportContext& context, const std::vector<TokenRange>& ranges) {
    if (ranges.empty()) {
        return {};
    }
    const std::int64_t group = context.capacity.groupTokens;
    return {ranges.front().begin / group * group,
            std::min(context.run.tokens, (ranges.back().end + group - 1) / group * group)};
}

void countGroup(OverflowCounts& counts, const CapacityGroup& group, std::span<const std::uint16_t> served,
                const std::vector<std::uint8_t>& taken) {
    const auto k = std::size_t(group.topK);
    for (std::size_t t = 0; t < taken.size(); ++t) {
        if (taken[t] != 0) {
            counts.add(group.ids.subspan(t * k, k), served.subspan(t * k, k));
        }
    }
}

void writeCounts(const ExportContext& context, const MoeLayerInfo& layer, const OverflowCounts& counts) {
    TableWriter& out = context.out;
    const std::int64_t capacity = capacityOf(context.capacity, context.capacity.groupTokens,
                                             context.recording.topK(context.run, layer), layer.moe.experts);
    for (std::size_t e = 0; e < counts.assigned.size(); ++e) {
        if (takesExpert(context.filter, std::int32_t(e))) {
            out.beginRow();
            out.cell(std::int64_t(layer.layer.value));
            out.cell(std::int64_t(e));
            out.cell(std::int64_t(context.capacity.groupTokens));
            out.cell(capacity);
            out.cell(counts.assigned[e]);
            out.cell(counts.kept[e]);
            out.cell(counts.dropped[e]);
            out.cell(counts.rerouted[e]);
            out.cell(counts.received[e]);
            out.endRow();
        }
    }
}

// Lost choices of a token in a layer that belong to an expert the filter takes, and whether every choice was lost.
struct TokenLoss {
    std::uint16_t dropped = 0;
    bool all = false;
};

TokenLoss lossOf(const RunFilter& filter, std::span<const std::uint16_t> ids, std::span<const std::uint16_t> served) {
    TokenLoss loss;
    std::size_t choices = 0, lost = 0;
    for (std::size_t slot = 0; slot < ids.size(); ++slot) {
        if (ids[slot] == kNoExpert) {
            continue;
        }
        ++choices;
        lost += served[slot] == kNoExpert ? 1 : 0;
        loss.dropped += served[slot] == kNoExpert && takesExpert(filter, ids[slot]) ? 1 : 0;
    }
    loss.all = choices > 0 && lost == choices;
    return loss;
}

} // namespace

void fillOverflow(const ExportContext& context) {
    const std::vector<TokenRange> ranges = tokenRanges(context.recording, context.run, context.filter);
    const std::vector<TokenRange> everyToken{{0, context.run.tokens}};
    const std::vector<MoeLayerInfo> layers = layersOf(context.run, context.filter);
    for (std::size_t l = 0; l < layers.size(); ++l) {
        context.progress(double(l) / double(layers.size()));
        if (context.capacity.policy != OverflowPolicy::Next && ranges == everyToken) {
            writeCounts(context, layers[l], countQueues(context, layers[l]));
            continue;
        }
        OverflowCounts counts(layers[l].moe.experts);
        eachServedGroup(context, layers[l], wholeGroups(context, ranges),
                        [&](const CapacityGroup& group, std::span<const std::uint16_t> served, TokenIndex first) {
                            const TokenRange range{first, first + TokenIndex(group.tokens())};
                            countGroup(counts, group, served, tokenFlags(ranges, range));
                        });
        writeCounts(context, layers[l], counts);
    }
}

void fillOverflowTokens(const ExportContext& context) {
    const std::vector<TokenRange> ranges = tokenRanges(context.recording, context.run, context.filter);
    const std::vector<MoeLayerInfo> layers = layersOf(context.run, context.filter);
    const TokenRange whole = wholeGroups(context, ranges);
    const std::int64_t group = context.capacity.groupTokens;
    const std::int64_t step = std::max<std::int64_t>(1, 8192 / group) * group;
    std::vector<std::vector<TokenLoss>> losses(layers.size());
    for (TokenIndex first = whole.begin; first < whole.end; first += step) {
        context.progress(double(first) / double(whole.end));
        const TokenRange range{first, std::min(first + step, whole.end)};
        const std::vector<std::uint8_t> taken = tokenFlags(ranges, range);
        for (std::size_t l = 0; l < layers.size(); ++l) {
            losses[l].assign(taken.size(), {});
            eachServedGroup(context, layers[l], range,
                            [&](const CapacityGroup& g, std::span<const std::uint16_t> served, TokenIndex begin) {
                                const auto k = std::size_t(g.topK);
                                for (std::size_t t = 0; t < g.tokens(); ++t) {
                                    losses[l][std::size_t(begin - first) + t] =
                                        lossOf(context.filter, g.ids.subspan(t * k, k), served.subspan(t * k, k));
                                }
                            });
        }
        for (std::size_t t = 0; t < taken.size(); ++t) {
            for (std::size_t l = 0; taken[t] != 0 && l < layers.size(); ++l) {
                if (losses[l][t].dropped > 0) {
                    context.out.beginRow();
                    context.out.cell(range.begin + TokenIndex(t));
                    context.out.cell(std::int64_t(layers[l].layer.value));
                    context.out.cell(std::int64_t(losses[l][t].dropped));
                    context.out.cell(std::int64_t(losses[l][t].all ? 1 : 0));
                    context.out.endRow();
                }
            }
        }
    }
}

} // namespace moescope
