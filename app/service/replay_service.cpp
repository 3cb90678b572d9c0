#include "app/service/replay_service.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "app/service/recording.h"
#include "app/service/token_chunk.h"
#include "db/run_writer.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

RunSpec specOf(const RunInfo& source, const ReplayStrategy& strategy, const ReplayRequest& request) {
    RunSpec spec = source.spec;
    spec.name = request.name.empty() ? source.spec.name + " " + request.options.strategy : request.name;
    for (MoeLayerInfo& layer : spec.layers) {
        layer = strategy.gateOf(layer);
    }
    spec.nll = false;
    spec.resumeKey.clear();
    std::erase_if(spec.provenance, [](const auto& fact) { return fact.first == "command line"; });
    spec.provenance.insert(spec.provenance.begin(),
                           {{"replay of", source.spec.name}, {"strategy", strategy.description()}});
    if (!request.commandLine.empty()) {
        spec.provenance.emplace_back("command line", request.commandLine);
    }
    return spec;
}

// The documents as far as they are recorded: an interrupted run ends within one.
std::vector<DocumentInfo> recordedDocuments(const RunInfo& run) {
    std::vector<DocumentInfo> documents;
    for (DocumentInfo document : run.documents) {
        document.tokens = std::min(document.tokens, run.tokens - document.first);
        if (document.tokens > 0) {
            documents.push_back(std::move(document));
        }
    }
    return documents;
}

// One replay under way: reads the source chunk by chunk and writes the new run.
class Replay {
public:
    Replay(const Recording& recording, const RunInfo& source, ReplayStrategy& strategy, const RunSpec& spec)
        : m_recording(recording), m_source(source), m_strategy(strategy), m_spec(spec),
          m_writer(recording.file(), spec, recordedDocuments(source), {}) {}

    void chunk(const TokenChunk& chunk) {
        writeTokens(chunk.range);
        std::vector<std::uint8_t> rerouted(chunk.taken.size());
        for (std::size_t l = 0; l < chunk.layers.size(); ++l) {
            writeLayer(m_spec.layers[l], chunk.layers[l], rerouted);
        }
        m_summary.tokensRerouted += std::count(rerouted.begin(), rerouted.end(), 1);
        m_writer.commit(chunk.range.end);
    }

    ReplaySummary finish() {
        m_writer.finish(RunState::Complete);
        m_summary.id = m_writer.run();
        m_summary.run = m_spec.name;
        m_summary.source = m_source.spec.name;
        m_summary.tokens = m_source.tokens;
        m_summary.layers = std::int64_t(m_spec.layers.size());
        m_summary.logits = m_spec.logits;
        m_summary.sameGate = m_spec.layers == m_source.spec.layers;
        return m_summary;
    }

private:
    void writeTokens(TokenRange range) {
        const std::vector<TokenRecord> tokens = m_recording.tokens(m_source, range.begin, range.end);
        std::vector<Piece> pieces;
        std::vector<std::int32_t> ids;
        for (const TokenRecord& token : tokens) {
            ids.push_back(token.tokenId);
            if (m_spec.text && m_known.insert(token.tokenId).second) {
                pieces.push_back({token.tokenId, token.text});
            }
        }
        m_writer.addPieces(pieces);
        for (std::size_t begin = 0; begin < tokens.size();) { // a block has one phase
            std::size_t end = begin;
            while (end < tokens.size() && tokens[end].phase == tokens[begin].phase) {
                ++end;
            }
            m_writer.tokens(
                {range.begin + TokenIndex(begin), std::span(ids).subspan(begin, end - begin), tokens[begin].phase});
            begin = end;
        }
    }

    void writeLayer(const MoeLayerInfo& gate, const RoutingBlock& recorded, std::vector<std::uint8_t>& rerouted) {
        m_ids.resize(std::size_t(recorded.tokens) * std::size_t(gate.moe.topK));
        m_weights.resize(m_ids.size());
        m_strategy.route(gate, recorded, m_ids, m_weights);
        RoutingBlock block = recorded;
        block.topK = gate.moe.topK;
        block.ids = m_ids;
        block.weights = m_weights;
        for (std::int32_t t = 0; t < block.tokens; ++t) {
            compare(recorded, block, t, rerouted[std::size_t(t)]);
        }
        m_writer.routing(block);
    }

    void compare(const RoutingBlock& recorded, const RoutingBlock& block, std::int32_t t, std::uint8_t& rerouted) {
        const auto was = recorded.idsOf(t);
        const auto is = block.idsOf(t);
        if (!std::is_permutation(was.begin(), was.end(), is.begin(), is.end())) {
            ++m_summary.tokenLayersRerouted;
            rerouted = 1;
        }
        for (std::size_t slot = 0; slot < std::min(was.size(), is.size()); ++slot) {
            if (was[slot] == is[slot]) {
                const double difference = std::fabs(double(recorded.weightsOf(t)[slot] - block.weightsOf(t)[slot]));
                m_summary.largestWeightDifference = std::max(m_summary.largestWeightDifference, difference);
            }
        }
    }

    const Recording& m_recording;
    const RunInfo& m_source;
    ReplayStrategy& m_strategy;
    const RunSpec& m_spec;
    RunWriter m_writer;
    std::unordered_set<std::int32_t> m_known; // vocabulary ids whose pieces are written
    std::vector<std::uint16_t> m_ids;
    std::vector<float> m_weights;
    ReplaySummary m_summary;
};

} // namespace

ReplaySummary ReplayService::replay(const ReplayRequest& request, ReplayObserver& observer, std::stop_token stop) {
    const auto start = std::chrono::steady_clock::now();
    const std::unique_ptr<ReplayStrategy> strategy = makeReplayStrategy(request.options);
    const std::unique_ptr<Recording> recording = Recording::open(request.db);
    const RunInfo source = recording->run(request.run);
    if (source.spec.content != RunContent::Full || source.spec.logits == LogitStorage::None) {
        throw Error(ErrorCode::Unsupported, "run '" + source.spec.name +
                                                "' cannot be replayed: it holds no router logits; record it with "
                                                "--logits f32");
    }
    const RunSpec spec = specOf(source, *strategy, request);
    Replay replay(*recording, source, *strategy, spec);
    eachChunk(
        *recording, source, {}, {.logits = true}, [](double) {},
        [&](const TokenChunk& chunk) {
            if (stop.stop_requested()) {
                throw Error(ErrorCode::Cancelled, "replay of run '" + source.spec.name + "' stopped");
            }
            replay.chunk(chunk);
            observer.progress(chunk.range.end, source.tokens);
        });
    ReplaySummary summary = replay.finish();
    summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return summary;
}

} // namespace moescope
