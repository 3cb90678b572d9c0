#include "app/service/export_filter.h"

#include <algorithm>
#include <string>

#include "engine/routing/error.h"
#include "engine/routing/layer_list.h"

namespace moescope {

namespace {

template <class T>
bool holds(const std::vector<T>& list, const T& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

[[noreturn]] void refuse(const RunInfo& run, const std::string& what) {
    throw Error(ErrorCode::InvalidArgument, "run '" + run.spec.name + "' " + what);
}

void append(std::vector<TokenRange>& ranges, TokenRange range) {
    if (range.begin >= range.end) {
        return;
    }
    if (!ranges.empty() && ranges.back().end == range.begin) {
        ranges.back().end = range.end;
    } else {
        ranges.push_back(range);
    }
}

std::string listOf(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        list += (list.empty() ? "" : ", ") + name;
    }
    return list;
}

} // namespace

std::vector<TokenRange> tokenRanges(const RunInfo& run, const RunFilter& filter) {
    const TokenIndex end = filter.tokenEnd < 0 ? run.tokens : std::min(filter.tokenEnd, run.tokens);
    std::vector<TokenRange> ranges;
    if (filter.domains.empty() && filter.documents.empty()) {
        append(ranges, {filter.tokenBegin, end});
        return ranges;
    }
    for (std::size_t d = 0; d < run.documents.size(); ++d) {
        const std::string& domain = run.domains[std::size_t(run.documentDomains[d])];
        if ((filter.domains.empty() || holds(filter.domains, domain)) &&
            (filter.documents.empty() || holds(filter.documents, std::int32_t(d)))) {
            const DocumentInfo& document = run.documents[d];
            append(ranges,
                   {std::max(filter.tokenBegin, document.first), std::min(end, document.first + document.tokens)});
        }
    }
    return ranges;
}

std::vector<TokenRange> tokenRanges(const Recording& recording, const RunInfo& run, const RunFilter& filter) {
    if (filter.tokenText.empty()) {
        return tokenRanges(run, filter);
    }
    std::vector<TokenRange> ranges;
    for (const auto& [begin, end] : recording.taken(run, filter)) {
        ranges.push_back({begin, end});
    }
    return ranges;
}

std::vector<MoeLayerInfo> layersOf(const RunInfo& run, const RunFilter& filter) {
    std::vector<MoeLayerInfo> layers;
    for (const MoeLayerInfo& layer : run.spec.layers) {
        if (takesLayer(filter, layer.layer)) {
            layers.push_back(layer);
        }
    }
    return layers;
}

bool takesLayer(const RunFilter& filter, LayerId layer) {
    return filter.layers.empty() || holds(filter.layers, layer);
}

bool takesExpert(const RunFilter& filter, std::int32_t expert) {
    return filter.experts.empty() || holds(filter.experts, ExpertId(expert));
}

void checkFilter(const RunInfo& run, const RunFilter& filter) {
    std::int32_t experts = 0;
    for (const MoeLayerInfo& layer : run.spec.layers) {
        experts = std::max(experts, layer.moe.experts);
    }
    for (LayerId layer : filter.layers) {
        if (run.spec.findLayer(layer) == nullptr) {
            refuse(run, "has no MoE layer " + std::to_string(layer.value) + "; its MoE layers are " +
                            layerList(run.spec.layers));
        }
    }
    for (ExpertId expert : filter.experts) {
        if (expert.value < 0 || expert.value >= experts) {
            refuse(run, "has no expert " + std::to_string(expert.value) + "; its experts are 0 to " +
                            std::to_string(experts - 1));
        }
    }
    for (const std::string& domain : filter.domains) {
        if (!holds(run.domains, domain)) {
            refuse(run, "has no domain '" + domain + "'; its domains are " + listOf(run.domains));
        }
    }
    for (const std::int32_t document : filter.documents) {
        if (document < 0 || std::size_t(document) >= run.documents.size()) {
            refuse(run, "has no document " + std::to_string(document) + "; its documents are 0 to " +
                            std::to_string(std::int64_t(run.documents.size()) - 1));
        }
    }
    if (filter.tokenBegin < 0 || (filter.tokenEnd >= 0 && filter.tokenEnd < filter.tokenBegin)) {
        refuse(run, "has no tokens " + std::to_string(filter.tokenBegin) + ":" + std::to_string(filter.tokenEnd) +
                        "; give the first and the one after the last");
    }
}

std::vector<std::uint8_t> tokenFlags(const std::vector<TokenRange>& ranges, TokenRange within) {
    std::vector<std::uint8_t> flags(std::size_t(within.end - within.begin));
    auto range =
        std::partition_point(ranges.begin(), ranges.end(), [&](const TokenRange& r) { return r.end <= within.begin; });
    for (; range != ranges.end() && range->begin < within.end; ++range) {
        const TokenIndex begin = std::max(range->begin, within.begin);
        const TokenIndex end = std::min(range->end, within.end);
        std::fill(flags.begin() + (begin - within.begin), flags.begin() + (end - within.begin), std::uint8_t(1));
    }
    return flags;
}

} // namespace moescope
