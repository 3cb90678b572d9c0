#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/intervention_log.h"
#include "db/run_info.h"
#include "db/train_log.h"
#include "db/train_snapshots.h"
#include "engine/routing/layer_summary.h"

namespace moescope {

// An open recording, read only. Never blocks a writer and holds no transaction between calls. Not thread safe: each
// thread opens its own (`reopen`). Throws Error (NotFound, Corruption, Unsupported for a newer schema).
class Recording {
public:
    static std::unique_ptr<Recording> open(const std::filesystem::path& file);
    ~Recording();

    std::unique_ptr<Recording> reopen() const;
    const std::filesystem::path& file() const;

    std::vector<RunInfo> runs() const;
    // Another number once anybody has written to the file since: whether to look again. Costs next to nothing.
    std::int64_t version() const;
    // By id or name; empty: the latest.
    RunInfo run(std::string_view idOrName) const;

    // One summary per layer of the filter, with a row of byDomain for every domain of the run (zero for those left
    // out). Reads only the stored sums where the filter takes every token or whole domains, as of now; else it scans
    // the blocks below run.tokens.
    std::vector<LayerSummary> summaries(const RunInfo& run, const RunFilter& filter) const;
    // Experts a token of the layer is meant to have: its slots, but for expert choice, whose blocks have as many slots
    // as the busiest token needs; there it is what tokens have on average.
    std::int32_t topK(const RunInfo& run, const MoeLayerInfo& layer) const;

    // Blocks in order of layer, then token; a block holds only tokens the filter takes (consecutive ones). Weights are
    // always there, logits where asked for and recorded.
    void eachRouting(const RunInfo& run, const RunFilter& filter, bool logits,
                     const std::function<void(const RoutingBlock&)>& visit) const;
    // The same without weights and logits: a fifth of the bytes. A thread reads ahead meanwhile, so `visit` must not ask
    // this recording for anything. With a `stretch`, so many tokens of every layer before the next ones.
    void eachChoice(const RunInfo& run, const RunFilter& filter,
                    const std::function<void(const RoutingBlock&)>& visit) const;
    void eachChoice(const RunInfo& run, const RunFilter& filter, std::int64_t stretch,
                    const std::function<void(const RoutingBlock&)>& visit) const;

    std::vector<std::int32_t> tokenIds(const RunInfo& run) const; // the vocabulary ids of all its tokens
    std::vector<TokenRecord> tokens(const RunInfo& run, TokenIndex begin, TokenIndex end) const;
    MeanNll meanNll(const RunInfo& run) const;
    std::vector<TokenRouteLayer> route(const RunInfo& run, TokenIndex token) const;
    // The tokens a filter takes: [begin, end), ascending, disjoint, none empty.
    std::vector<std::pair<TokenIndex, TokenIndex>> taken(const RunInfo& run, const RunFilter& filter) const;
    std::vector<Piece> pieces(const RunInfo& run) const; // of every vocabulary id that occurs; empty without text
    // The piece of a vocabulary id as recorded; empty where no text is kept.
    std::string piece(const RunInfo& run, std::int32_t tokenId) const;
    // The steps of the training that the run comes from, in order; empty for any other run.
    std::vector<TrainStep> trainSteps(const RunInfo& run) const;
    std::int64_t lastTrainStep(const RunInfo& run) const; // 0: none; costs next to nothing
    // The recordings made of the model on its way through that training, by step.
    std::vector<TrainSnapshot> trainSnapshots(const RunInfo& run) const;

    // What taking experts out cost, by layer and expert, all domains together first; empty where it was not measured.
    std::vector<InterventionRow> interventions(const RunInfo& run) const;

private:
    struct Impl;
    explicit Recording(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace moescope
