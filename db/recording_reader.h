#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "db/block_reader.h"
#include "db/connection.h"
#include "db/domain_map.h"
#include "db/intervention_log.h"
#include "db/run_info.h"
#include "db/token_ranges.h"
#include "db/train_log.h"
#include "db/train_snapshots.h"
#include "engine/routing/layer_summary.h"

namespace moescope::sqlite {

// Reads a recording through a connection of its own. app/service/recording.h, made for the rest of the program, says
// what each call does.
class RecordingReader {
public:
    explicit RecordingReader(const std::filesystem::path& file);

    const std::filesystem::path& file() const { return m_connection->file(); }
    std::vector<RunInfo> runs();
    RunInfo run(std::string_view idOrName);
    std::vector<LayerSummary> summaries(const RunInfo& run, const RunFilter& filter);
    void eachRouting(const RunInfo& run, const RunFilter& filter, bool logits,
                     const std::function<void(const RoutingBlock&)>& visit);
    void eachChoice(const RunInfo& run, const RunFilter& filter, std::int64_t stretch,
                    const std::function<void(const RoutingBlock&)>& visit);
    std::vector<std::int32_t> tokenIds(const RunInfo& run);
    std::vector<TokenRecord> tokens(const RunInfo& run, TokenIndex begin, TokenIndex end);
    MeanNll meanNll(const RunInfo& run);
    std::vector<TokenRouteLayer> route(const RunInfo& run, TokenIndex token);
    std::vector<TokenRange> taken(const RunInfo& run, const RunFilter& filter);
    std::vector<Piece> pieces(const RunInfo& run);
    std::string piece(const RunInfo& run, std::int32_t tokenId);
    std::vector<TrainStep> trainSteps(const RunInfo& run);
    std::int64_t lastTrainStep(const RunInfo& run);
    std::int64_t version();
    std::vector<TrainSnapshot> trainSnapshots(const RunInfo& run);
    std::vector<InterventionRow> interventions(const RunInfo& run);

private:
    // What does not change about a run, kept from call to call.
    struct Known {
        std::vector<LayerStorage> layers;
        std::unordered_map<std::int32_t, std::string> pieces;
    };
    Known& known(const RunInfo& run);
    const std::string& pieceOf(const RunInfo& run, std::int32_t tokenId);
    std::vector<LayerStorage> layersOf(const RunInfo& run, const RunFilter& filter);
    std::vector<LayerSummary> scan(const RunInfo& run, const RunFilter& filter);

    std::unique_ptr<Connection> m_connection;
    BlockQueries m_queries;
    Statement m_findPiece;
    std::map<std::int64_t, Known> m_known;
};

} // namespace moescope::sqlite
