#include "app/service/replay_service.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <numeric>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/service/group_routing.h"
#include "app/service/intervention_text.h"
#include "app/service/recording.h"
#include "app/service/token_chunk.h"
#include "db/run_writer.h"
#include "db/train_log.h"
#include "engine/routing/correction_bias.h"
#include "engine/routing/error.h"
#include "engine/routing/limit_capacity.h"

namespace moescope {

namespace {

// Whether choices beyond a capacity lose their place; an expert that chooses its tokens takes no more than it serves.
bool limits(const ReplayOptions& options) {
    return options.capacity.has_value() && options.strategy != "expert-choice";
}

RunSpec specOf(const RunInfo& source, const ReplayStrategy& strategy, const ReplayRequest& request) {
    RunSpec spec = source.spec;
    spec.name = request.name.empty() ? source.spec.name + " " + request.options.strategy : request.name;
    spec.nll = false;
    spec.resumeKey.clear();
    std::erase_if(spec.provenance, [](const auto& fact) {
        return fact.first == "command line" || fact.first == kReplayOf || fact.first == kRoutedBy;
    });
    const std::string capacity = request.options.capacity ? ", " + capacityText(*request.options.capacity) : "";
    spec.provenance.insert(spec.provenance.begin(), {{std::string(kReplayOf), source.spec.name},
                                                     {std::string(kRoutedBy), strategy.description() + capacity}});
    if (!request.commandLine.empty()) {
        spec.provenance.emplace_back("command line", request.commandLine);
    }
    return spec;
}

// Throws Error(Unsupported) for what cannot be replayed at all.
void checkSource(const RunInfo& source) {
    if (source.spec.content != RunContent::Full || source.spec.logits == LogitStorage::None) {
        const char* const lack = source.spec.content == RunContent::CountsOnly ? "only counts" : "no router logits";
        throw Error(ErrorCode::Unsupported, "run '" + source.spec.name + "' cannot be replayed: it holds " + lack +
                                                "; record it with --logits f32");
    }
    const std::string original(provenanceValue(source, kReplayOf));
    const bool grouped =
        !groupRouting(source).empty() || provenanceValue(source, kRoutedBy).find("capacity") != std::string_view::npos;
    if (!original.empty() && grouped) {
        throw Error(ErrorCode::Unsupported, "run '" + source.spec.name +
                                                "' is a replay whose routes do not follow from its gate; replay '" +
                                                original + "' instead");
    }
}

// As strategies are to see it; what is read keeps its slots.
RunInfo withNominalTopK(const Recording& recording, const RunInfo& recorded) {
    RunInfo source = recorded;
    for (MoeLayerInfo& layer : source.spec.layers) {
        layer.moe.topK = recording.topK(recorded, layer);
    }
    return source;
}

double meanMaxVio(const Recording& recording, const RunInfo& run) {
    double sum = 0;
    for (const LayerSummary& layer : recording.summaries(run, {})) {
        sum += maxViolation(layer.assignments);
    }
    return sum / double(std::max<std::size_t>(1, run.spec.layers.size()));
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
    Replay(const Recording& recording, const RunInfo& source, ReplayStrategy& strategy, const RunSpec& spec,
           const ReplayOptions& options)
        : m_recording(recording), m_source(source), m_strategy(strategy), m_spec(spec), m_options(options),
          m_writer(recording.file(), spec, recordedDocuments(source), {}, {.logitsOf = source.id}) {}

    void chunk(const TokenChunk& chunk) {
        writeTokens(chunk.range);
        std::vector<std::uint8_t> rerouted(chunk.taken.size());
        for (std::size_t l = 0; l < chunk.layers.size(); ++l) {
            writeLayer(l, chunk.layers[l], rerouted);
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
        m_summary.capacity = limits(m_options) ? capacityText(*m_options.capacity) : "";
        m_summary.logits = m_spec.logits;
        m_summary.sameGate = m_strategy.followsGate() && !limits(m_options) && m_spec.layers == m_source.spec.layers;
        m_summary.slotsFilled = m_summary.sameGate && groupRouting(m_source).empty() ? m_filled : 0;
        m_summary.sourceMaxVio = meanMaxVio(m_recording, m_source);
        m_summary.maxVio = meanMaxVio(m_recording, m_recording.run(m_spec.name));
        writeSteps();
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

    void writeLayer(std::size_t l, const RoutingBlock& recorded, std::vector<std::uint8_t>& rerouted) {
        const MoeLayerInfo& gate = m_spec.layers[l];
        m_ids.resize(std::size_t(recorded.tokens) * std::size_t(gate.moe.topK));
        m_weights.resize(m_ids.size());
        m_strategy.route(l, gate, recorded, m_ids, m_weights);
        if (limits(m_options)) {
            limit(gate, recorded);
        }
        RoutingBlock block = recorded;
        block.topK = gate.moe.topK;
        block.ids = m_ids;
        block.weights = m_weights;
        for (std::int32_t t = 0; t < block.tokens; ++t) {
            compare(recorded, block, t, rerouted[std::size_t(t)]);
        }
        m_writer.routing(block);
    }

    void limit(const MoeLayerInfo& gate, const RoutingBlock& recorded) {
        OverflowCounts counts(gate.moe.experts);
        limitToCapacity(gate, *m_options.capacity, recorded.logits, m_ids, m_weights, counts);
        const auto total = [](const std::vector<std::int64_t>& of) {
            return std::accumulate(of.begin(), of.end(), std::int64_t(0));
        };
        m_summary.assigned += total(counts.assigned);
        m_summary.kept += total(counts.kept);
        m_summary.dropped += total(counts.dropped);
        m_summary.rerouted += total(counts.rerouted);
    }

    void writeSteps() {
        const std::vector<TrainStep> steps = m_strategy.steps();
        if (steps.empty()) {
            return;
        }
        TrainLog log(m_recording.file(), m_writer.run(), 0);
        for (const TrainStep& step : steps) {
            log.add(step);
        }
        log.flush();
    }

    // Whether two tokens' slots hold the same experts, whatever their order; empty slots do not count.
    static bool sameExperts(std::span<const std::uint16_t> a, std::span<const std::uint16_t> b) {
        const auto isIn = [](std::span<const std::uint16_t> set) {
            return [set](std::uint16_t e) { return e == kNoExpert || std::ranges::find(set, e) != set.end(); };
        };
        return std::ranges::all_of(a, isIn(b)) && std::ranges::all_of(b, isIn(a));
    }

    void compare(const RoutingBlock& recorded, const RoutingBlock& block, std::int32_t t, std::uint8_t& rerouted) {
        const auto was = recorded.idsOf(t);
        const auto is = block.idsOf(t);
        if (!sameExperts(was, is)) {
            ++m_summary.tokenLayersRerouted;
            rerouted = 1;
        }
        m_filled += std::ranges::count(was, kNoExpert) - std::ranges::count(is, kNoExpert);
        for (std::size_t slot = 0; slot < std::min(was.size(), is.size()); ++slot) {
            if (was[slot] == is[slot] && is[slot] != kNoExpert) {
                const double difference = std::fabs(double(recorded.weightsOf(t)[slot] - block.weightsOf(t)[slot]));
                m_summary.largestWeightDifference = std::max(m_summary.largestWeightDifference, difference);
            }
        }
    }

    const Recording& m_recording;
    const RunInfo& m_source;
    ReplayStrategy& m_strategy;
    const RunSpec& m_spec;
    const ReplayOptions& m_options;
    RunWriter m_writer;
    std::unordered_set<std::int32_t> m_known; // vocabulary ids whose pieces are written
    std::vector<std::uint16_t> m_ids;
    std::vector<float> m_weights;
    std::int64_t m_filled = 0; // slots
    ReplaySummary m_summary;
};

} // namespace

ReplaySummary ReplayService::replay(const ReplayRequest& request, ReplayObserver& observer, std::stop_token stop) {
    const auto start = std::chrono::steady_clock::now();
    const std::unique_ptr<ReplayStrategy> strategy = makeReplayStrategy(request.options);
    const std::unique_ptr<Recording> recording = Recording::open(request.db);
    const RunInfo recorded = recording->run(request.run);
    checkSource(recorded);
    const RunInfo source = withNominalTopK(*recording, recorded);
    const auto checkStop = [&] {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "replay of run '" + source.spec.name + "' stopped");
        }
    };
    std::vector<MoeLayerInfo> gates = strategy->prepare({*recording, recorded, source, [&](double share) {
                                                             checkStop();
                                                             observer.preparing(share);
                                                         }});
    RunSpec spec = specOf(source, *strategy, request);
    spec.layers = std::move(gates);
    Replay replay(*recording, source, *strategy, spec, request.options);
    eachChunk(
        *recording, recorded, {}, {.logits = true, .align = request.options.groupTokens}, [](double) {},
        [&](const TokenChunk& chunk) {
            checkStop();
            replay.chunk(chunk);
            observer.progress(chunk.range.end, source.tokens);
        });
    ReplaySummary summary = replay.finish();
    summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return summary;
}

} // namespace moescope
