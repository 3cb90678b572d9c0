#include <algorithm>
#include <map>
#include <tuple>

#include "analysis/load_balance.h"
#include "analysis/router_losses.h"
#include "analysis/specialization.h"
#include "analysis/uniform_null.h"
#include "app/service/export_filter.h"
#include "app/service/export_tables.h"

// The tables that the sums kept beside the blocks are enough for.
namespace moescope {

namespace {

// The filter without its experts, which say what rows are shown, not what is counted.
RunFilter countedBy(const RunFilter& filter) {
    RunFilter counted = filter;
    counted.experts.clear();
    return counted;
}

} // namespace

void fillLoad(const ExportContext& context) {
    TableWriter& out = context.out;
    for (const LayerSummary& layer : context.recording.summaries(context.run, countedBy(context.filter))) {
        const std::int64_t assignments = loadBalance(layer.assignments).assignments;
        for (std::int32_t e = 0; e < layer.experts; ++e) {
            if (!takesExpert(context.filter, e)) {
                continue;
            }
            const auto at = std::size_t(e);
            out.beginRow();
            out.cell(std::int64_t(layer.layer.value));
            out.cell(std::int64_t(e));
            out.cell(layer.assignments[at]);
            out.cell(share(layer.assignments[at], assignments));
            out.cell(loadRatio(layer.assignments[at], assignments, layer.experts));
            if (context.run.spec.content == RunContent::CountsOnly) {
                out.none();
            } else {
                out.cell(layer.top1[at]);
            }
            if (layer.tokensWithLogits == 0) {
                out.none();
            } else {
                out.cell(layer.probSum[at] / double(layer.tokensWithLogits));
            }
            if (context.run.spec.content == RunContent::CountsOnly) {
                out.none();
            } else {
                out.cell(layer.weightSum[at]);
            }
            out.endRow();
        }
    }
}

void fillLoadByDomain(const ExportContext& context) {
    TableWriter& out = context.out;
    RunFilter whole;
    whole.layers = context.filter.layers;
    const auto pooled = context.recording.summaries(context.run, whole);
    const auto layers = context.recording.summaries(context.run, countedBy(context.filter));
    for (std::size_t l = 0; l < layers.size(); ++l) {
        for (std::int32_t e = 0; e < layers[l].experts; ++e) {
            for (std::size_t d = 0; d < context.run.domains.size() && takesExpert(context.filter, e); ++d) {
                if (!context.filter.domains.empty() &&
                    std::find(context.filter.domains.begin(), context.filter.domains.end(), context.run.domains[d]) ==
                        context.filter.domains.end()) {
                    continue;
                }
                const DomainAffinity a = domainAffinity(layers[l], pooled[l], std::int32_t(d), e);
                out.beginRow();
                out.cell(std::int64_t(layers[l].layer.value));
                out.cell(std::int64_t(e));
                out.cell(context.run.domains[d]);
                out.cell(a.assignments);
                out.cell(a.share);
                out.cell(a.lift);
                out.cell(a.pmiBits);
                out.endRow();
            }
        }
    }
}

void fillBalance(const ExportContext& context) {
    TableWriter& out = context.out;
    std::map<std::tuple<std::int64_t, std::int32_t, std::int32_t>, UniformNull> nulls;
    for (const LayerSummary& layer : context.recording.summaries(context.run, countedBy(context.filter))) {
        const LoadBalance b = loadBalance(layer.assignments);
        const std::tuple shape(layer.tokens, layer.topK, layer.experts);
        if (!nulls.contains(shape)) {
            nulls[shape] = uniformNull(layer.tokens, layer.topK, layer.experts);
        }
        const UniformNull& null = nulls[shape];
        out.beginRow();
        out.cell(std::int64_t(layer.layer.value));
        out.cell(layer.tokens);
        out.cell(b.assignments);
        out.cell(b.cv);
        out.cell(b.maxVio);
        out.cell(b.normalizedEntropy);
        out.cell(b.gini);
        out.cell(b.klUniform);
        out.cell(std::int64_t(b.deadExperts));
        out.cell(null.cv);
        out.cell(null.dead);
        out.cell(null.maxVio.mean);
        out.cell(switchAuxLoss(layer));
        out.cell(routerZLoss(layer));
        out.cell(meanMargin(layer));
        out.endRow();
    }
}

} // namespace moescope
