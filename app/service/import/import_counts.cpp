#include "app/service/import/import_counts.h"

#include <algorithm>

#include "app/service/import/import_spec.h"
#include "app/service/import/routing_counts.h"
#include "db/counts_writer.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

// Experts and choices of each token, as far as counts, request and model tell.
MoeConfig gateOf(const RoutingCounts& counts, const ImportRequest& request, const std::string& file) {
    MoeConfig gate;
    const std::vector<MoeLayerInfo> known = gatesOfModel(request.model);
    const MoeConfig fromModel = known.empty() ? MoeConfig() : known.front().moe;
    gate = known.empty() ? gate : fromModel;
    gate.experts = request.experts > 0 ? request.experts : std::max(fromModel.experts, counts.experts);
    gate.topK = request.topK > 0 ? request.topK : std::max(fromModel.topK, 1);
    if (gate.experts < counts.experts) {
        throw Error(ErrorCode::InvalidArgument, file + " counts expert " + std::to_string(counts.experts - 1) +
                                                    ", beyond --experts " + std::to_string(gate.experts));
    }
    if (gate.topK > gate.experts) {
        throw Error(ErrorCode::InvalidArgument, "--top-k " + std::to_string(gate.topK) + " is more than the " +
                                                    std::to_string(gate.experts) + " experts of " + file);
    }
    return gate;
}

LayerSummary sumsOf(const RoutingCounts& counts, const MoeLayerInfo& layer, std::size_t domain,
                    const std::string& file) {
    LayerSummary sums = LayerSummary::empty(layer, 0);
    const std::int64_t total = counts.total(layer.layer.value, domain);
    sums.tokens = (total + layer.moe.topK - 1) / layer.moe.topK;
    for (std::int32_t e = 0; e < layer.moe.experts; ++e) {
        const std::int64_t count = counts.count(layer.layer.value, domain, e);
        if (count > sums.tokens) {
            throw Error(ErrorCode::InvalidArgument,
                        file + ": expert " + std::to_string(e) + " of layer " + std::to_string(layer.layer.value) +
                            " has " + std::to_string(count) + " of " + std::to_string(total) +
                            " choices, more than --top-k " + std::to_string(layer.moe.topK) +
                            " allows: no token chooses an expert twice");
        }
        sums.assignments[std::size_t(e)] = count;
    }
    return sums;
}

// The stride trap: a tool that samples by a stride counts every expert alike.
bool isExactlyUniform(const LayerSummary& sums) {
    return sums.experts > 1 && sums.assignments.front() > 0 &&
           std::ranges::all_of(sums.assignments, [&](std::int64_t n) { return n == sums.assignments.front(); });
}

void addNotes(const std::vector<std::vector<LayerSummary>>& sums, const ImportRequest& request, const MoeConfig& gate,
              const std::string& file, ImportObserver& observer) {
    if (request.topK == 0 && request.model.empty()) {
        observer.note(file +
                      " does not say how many experts a token has: each choice counts as a token; --top-k N says it");
    }
    for (const auto& layer : sums) {
        if (std::ranges::any_of(layer, isExactlyUniform)) {
            observer.note(file + ": layer " + std::to_string(layer.front().layer.value) + " uses all " +
                          std::to_string(gate.experts) +
                          " experts exactly alike, as a tool that misreads its stride counts; check the source");
        }
    }
}

// A document for each domain, as long as its longest layer; counts have no other.
std::vector<DocumentInfo> documentsOf(const RoutingCounts& counts, const std::vector<std::vector<LayerSummary>>& sums) {
    std::vector<DocumentInfo> documents;
    TokenIndex first = 0;
    for (std::size_t d = 0; d < counts.domains.size(); ++d) {
        std::int64_t tokens = 0;
        for (const auto& layer : sums) {
            tokens = std::max(tokens, layer[d].tokens);
        }
        documents.push_back({counts.domains[d], counts.domains[d], first, tokens});
        first += tokens;
    }
    return documents;
}

} // namespace

ImportedRun importCounts(const std::filesystem::path& file, const ImportRequest& request, ImportObserver& observer) {
    const RoutingCounts counts = readCountsCsv(file);
    RunSpec spec = importedSpec(file, "counts", request);
    spec.content = RunContent::CountsOnly;
    const MoeConfig gate = gateOf(counts, request, file.string());
    const bool topKKnown = request.topK > 0 || !request.model.empty();
    spec.provenance.emplace_back("experts for each token", topKKnown ? std::to_string(gate.topK) : "not known");
    std::vector<std::vector<LayerSummary>> sums;
    for (const auto& [layer, domains] : counts.layers) {
        spec.layers.push_back({LayerId(layer), gate, {}});
        sums.emplace_back();
        for (std::size_t d = 0; d < counts.domains.size(); ++d) {
            sums.back().push_back(sumsOf(counts, spec.layers.back(), d, file.string()));
        }
    }
    observer.started(spec.name);
    addNotes(sums, request, gate, file.string(), observer);
    const auto documents = documentsOf(counts, sums);
    writeCounts(request.db, spec, documents, sums);
    const TokenIndex tokens = documents.back().first + documents.back().tokens;
    observer.progress(tokens, tokens);
    return {spec.name,    RunContent::CountsOnly,   tokens, std::int64_t(spec.layers.size()),
            gate.experts, topKKnown ? gate.topK : 0};
}

} // namespace moescope
