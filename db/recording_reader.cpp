#include "db/recording_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "db/choice_scan.h"
#include "db/layer_repository.h"
#include "db/read_stretch.h"
#include "db/recording_file.h"
#include "db/run_repository.h"
#include "db/summary_book.h"
#include "db/token_ranges.h"
#include "db/train_steps.h"
#include "engine/routing/error.h"
#include "engine/routing/layer_list.h"

namespace moescope::sqlite {

RecordingReader::RecordingReader(const std::filesystem::path& file)
    : m_connection(openToRead(file)), m_queries(m_connection->handle()),
      m_findPiece(m_connection->handle(), "SELECT bytes FROM piece WHERE run_id=? AND token_id=?") {}

std::vector<RunInfo> RecordingReader::runs() {
    return loadRuns(*m_connection);
}

RunInfo RecordingReader::run(std::string_view idOrName) {
    return loadRun(*m_connection, idOrName);
}

RecordingReader::Known& RecordingReader::known(const RunInfo& run) {
    auto [at, isNew] = m_known.try_emplace(run.id.value);
    if (isNew) {
        at->second.layers = loadLayers(m_connection->handle(), run.id, run.spec.logits);
    }
    return at->second;
}

std::vector<LayerStorage> RecordingReader::layersOf(const RunInfo& run, const RunFilter& filter) {
    const auto& layers = known(run).layers;
    if (filter.layers.empty()) {
        return layers;
    }
    std::vector<LayerStorage> taken;
    for (const LayerStorage& layer : layers) {
        if (std::ranges::find(filter.layers, layer.info.layer) != filter.layers.end()) {
            taken.push_back(layer);
        }
    }
    for (const LayerId id : filter.layers) {
        if (run.spec.findLayer(id) == nullptr) {
            throw Error(ErrorCode::NotFound, "run '" + run.spec.name + "' has no MoE layer " +
                                                 std::to_string(id.value) + "; its MoE layers are " +
                                                 layerList(run.spec.layers));
        }
    }
    return taken;
}

std::vector<LayerSummary> RecordingReader::summaries(const RunInfo& run, const RunFilter& filter) {
    if (!filter.wholeDomains() && run.spec.content == RunContent::CountsOnly) {
        throw Error(ErrorCode::Unsupported, "run '" + run.spec.name +
                                                "' holds counts only: of its filters, domains and layers apply; "
                                                "take the others away");
    }
    if (!filter.wholeDomains()) {
        return scan(run, filter);
    }
    return loadSummaries(*m_connection, layersOf(run, filter), std::int32_t(run.domains.size()),
                         takenDomains(run, filter));
}

std::vector<LayerSummary> RecordingReader::scan(const RunInfo& run, const RunFilter& filter) {
    const DomainMap map(run.documents);
    std::vector<LayerSummary> sums;
    const auto layers = layersOf(run, filter);
    sums.reserve(layers.size());
    for (const LayerStorage& layer : layers) {
        sums.push_back(LayerSummary::empty(layer.info, std::int32_t(run.domains.size())));
    }
    std::size_t l = 0;
    std::vector<std::int32_t> domainOf;
    eachRouting(run, filter, true, [&](const RoutingBlock& block) {
        while (layers[l].info.layer != block.layer) {
            ++l;
        }
        domainOf.resize(std::size_t(block.tokens));
        for (std::int32_t t = 0; t < block.tokens; ++t) {
            domainOf[std::size_t(t)] = map.spanOf(block.first + t).domain;
        }
        sums[l].add(block, layers[l].info, domainOf);
    });
    return sums;
}

void RecordingReader::eachRouting(const RunInfo& run, const RunFilter& filter, bool logits,
                                  const std::function<void(const RoutingBlock&)>& visit) {
    const unsigned parts = LayerReader::Ids | LayerReader::Weights | (logits ? unsigned(LayerReader::Logits) : 0U);
    const auto ranges = taken(run, filter);
    ReadStretch stretch(*m_connection);
    for (const LayerStorage& layer : layersOf(run, filter)) {
        LayerReader reader(m_queries, layer);
        for (const TokenRange& range : ranges) {
            for (TokenIndex at = range.begin; at < range.end;) {
                stretch.next();
                const RoutingBlock block = reader.read(at, range.end, parts);
                visit(block);
                at = block.end();
            }
        }
    }
}

void RecordingReader::eachChoice(const RunInfo& run, const RunFilter& filter, std::int64_t stretch,
                                 const std::function<void(const RoutingBlock&)>& visit) {
    const auto ranges = taken(run, filter);
    const auto layers = layersOf(run, filter);
    ChoiceScan(m_connection->handle()).each({layers, ranges, stretch}, visit);
}

std::vector<TokenRange> RecordingReader::taken(const RunInfo& run, const RunFilter& filter) {
    auto whole = takenTokens(run, filter);
    if (filter.tokenText.empty()) {
        return whole;
    }
    std::vector<TokenRange> ranges;
    TokenReader reader(m_connection->handle(), run.id);
    for (const TokenRange& range : whole) {
        for (TokenIndex t = range.begin; t < range.end; ++t) {
            const auto& block = reader.blockOf(t);
            if (!std::ranges::binary_search(filter.tokenIds, block.ids[std::size_t(t - block.first)])) {
                continue;
            }
            if (!ranges.empty() && ranges.back().end == t) {
                ++ranges.back().end;
            } else {
                ranges.push_back({t, t + 1});
            }
        }
    }
    return ranges;
}

std::vector<Piece> RecordingReader::pieces(const RunInfo& run) {
    return loadPieces(*m_connection, run.id);
}

const std::string& RecordingReader::pieceOf(const RunInfo& run, std::int32_t tokenId) {
    auto& pieces = known(run).pieces;
    const auto known = pieces.find(tokenId);
    if (known != pieces.end()) {
        return known->second;
    }
    Reset reset(m_findPiece);
    std::string bytes;
    if (m_findPiece.bind(1, run.id.value).bind(2, tokenId).step()) {
        const auto blob = m_findPiece.blob(0);
        bytes.assign(reinterpret_cast<const char*>(blob.data()), blob.size());
    }
    return pieces.emplace(tokenId, std::move(bytes)).first->second;
}

std::string RecordingReader::piece(const RunInfo& run, std::int32_t tokenId) {
    return pieceOf(run, tokenId);
}

std::vector<TrainStep> RecordingReader::trainSteps(const RunInfo& run) {
    return loadTrainSteps(*m_connection, run.id);
}

std::int64_t RecordingReader::lastTrainStep(const RunInfo& run) {
    return sqlite::lastTrainStep(*m_connection, run.id);
}

std::int64_t RecordingReader::version() {
    return queryInteger(m_connection->handle(), "PRAGMA data_version");
}

std::vector<TrainSnapshot> RecordingReader::trainSnapshots(const RunInfo& run) {
    return loadTrainSnapshots(*m_connection, run.id);
}

std::vector<InterventionRow> RecordingReader::interventions(const RunInfo& run) {
    return loadInterventions(*m_connection, run.id);
}

std::vector<TokenRecord> RecordingReader::tokens(const RunInfo& run, TokenIndex begin, TokenIndex end) {
    std::vector<TokenRecord> records;
    const DomainMap map(run.documents);
    TokenReader reader(m_connection->handle(), run.id);
    for (TokenIndex t = std::max<TokenIndex>(0, begin); t < std::min(end, run.tokens); ++t) {
        const auto& block = reader.blockOf(t);
        const auto at = std::size_t(t - block.first);
        const std::int32_t document = map.documentOf(t);
        records.push_back({t, document, t - run.documents[std::size_t(document)].first, block.ids[at],
                           Phase(block.phases[at]), block.nll[at], pieceOf(run, block.ids[at])});
    }
    return records;
}

std::vector<std::int32_t> RecordingReader::tokenIds(const RunInfo& run) {
    std::vector<std::int32_t> ids;
    ids.reserve(std::size_t(run.tokens));
    TokenReader reader(m_connection->handle(), run.id);
    while (TokenIndex(ids.size()) < run.tokens) {
        const auto& block = reader.blockOf(TokenIndex(ids.size()));
        const auto rest = std::size_t(run.tokens) - ids.size();
        ids.insert(ids.end(), block.ids.begin(), block.ids.begin() + std::ptrdiff_t(std::min(rest, block.ids.size())));
    }
    return ids;
}

MeanNll RecordingReader::meanNll(const RunInfo& run) {
    double sum[2] = {0, 0}; // by phase
    std::int64_t count[2] = {0, 0};
    TokenReader reader(m_connection->handle(), run.id);
    for (TokenIndex t = 0; t < run.tokens;) {
        const auto& block = reader.blockOf(t);
        for (auto i = std::size_t(t - block.first); i < block.nll.size() && t < run.tokens; ++i, ++t) {
            if (!std::isnan(block.nll[i])) {
                const std::size_t phase = Phase(block.phases[i]) == Phase::Generated ? 1 : 0;
                sum[phase] += double(block.nll[i]);
                ++count[phase];
            }
        }
    }
    const auto mean = [&](std::size_t phase) {
        return count[phase] > 0 ? sum[phase] / double(count[phase]) : std::numeric_limits<double>::quiet_NaN();
    };
    return {mean(0), mean(1)};
}

std::vector<TokenRouteLayer> RecordingReader::route(const RunInfo& run, TokenIndex token) {
    if (token < 0 || token >= run.tokens) {
        throw Error(ErrorCode::NotFound, "run '" + run.spec.name + "' has no token " + std::to_string(token) +
                                             "; it has " + std::to_string(run.tokens));
    }
    std::vector<TokenRouteLayer> layers;
    TokenRouteReader reader(m_queries);
    for (const LayerStorage& layer : known(run).layers) {
        layers.push_back(reader.read(layer, token));
    }
    return layers;
}

} // namespace moescope::sqlite
