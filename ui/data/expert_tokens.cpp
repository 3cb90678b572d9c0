#include "ui/data/expert_tokens.h"

#include <algorithm>

#include "analysis/surprise.h"
#include "engine/routing/error.h"

namespace moescope {

std::shared_ptr<const LayerVocabulary> readVocabulary(const Recording& recording, const RunInfo& run,
                                                      const RunFilter& filter, LayerId layer, std::stop_token stop) {
    auto out = std::make_shared<LayerVocabulary>();
    out->layer = layer;
    RunFilter one = filter;
    one.layers = {layer};
    const auto index = std::make_shared<const VocabularyIndex>(recording.tokenIds(run));
    recording.eachRouting(run, one, false, [&](const RoutingBlock& block) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        if (!out->counts) {
            out->experts = block.experts;
            out->counts.emplace(index, block.experts);
        }
        out->counts->add(block);
        out->tokens += block.tokens;
    });
    return out;
}

ExpertTokens expertTokens(const Recording& recording, const RunInfo& run,
                          std::shared_ptr<const LayerVocabulary> vocabulary, ExpertId expert, std::size_t limit) {
    ExpertTokens out;
    out.layer = vocabulary->layer;
    out.expert = expert;
    const auto entries = expert.value < vocabulary->experts ? vocabulary->counts->of(expert.value)
                                                            : std::vector<VocabularyCounts::Entry>{};
    std::int64_t total = 0;
    for (const auto& entry : entries) {
        total += entry.count;
    }
    out.overallShare = vocabulary->tokens > 0 ? double(total) / double(vocabulary->tokens) : 0;
    for (const auto& entry : entries) {
        const double expected = double(entry.occurrences) * out.overallShare;
        out.tokens.push_back({entry.tokenId,
                              {},
                              entry.count,
                              entry.occurrences,
                              entry.shareOfToken(),
                              surprise(double(entry.count), expected)});
    }
    std::stable_sort(out.tokens.begin(), out.tokens.end(),
                     [](const ExpertToken& a, const ExpertToken& b) { return a.surprise > b.surprise; });
    out.tokens.resize(std::min(limit, out.tokens.size()));
    for (ExpertToken& token : out.tokens) {
        token.text = recording.piece(run, token.tokenId);
    }
    out.vocabulary = std::move(vocabulary);
    return out;
}

} // namespace moescope
