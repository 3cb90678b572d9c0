#include "app/service/import/import_dump.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <set>

#include "app/service/auto_logits.h"
#include "app/service/import/dump_gate.h"
#include "app/service/import/import_spec.h"
#include "app/service/import/routing_dump.h"
#include "db/run_writer.h"
#include "engine/routing/error.h"
#include "engine/routing/topk.h"
#include "engine/tokenizer/tokenizer.h"

namespace moescope {

namespace {

constexpr std::int64_t kChunk = 4096; // tokens

// One dump on its way into a recording.
class DumpImport {
public:
    DumpImport(const std::filesystem::path& file, const ImportRequest& request, ImportObserver& observer)
        : m_file(file), m_request(request), m_observer(observer), m_dump(file),
          m_spec(importedSpec(file, "safetensors", request)), m_gates(gatesOfModel(request.model)) {
        if (!request.model.empty()) {
            openTokenizer();
        }
        for (const RoutingDump::Layer& layer : m_dump.layers()) {
            m_spec.layers.push_back(infoOf(layer));
        }
        m_spec.content = m_dump.hasLogits() ? RunContent::Full : RunContent::RoutesOnly;
        if (m_dump.hasLogits()) {
            m_spec.logits = autoLogits(mostExperts());
        }
        m_spec.text = m_tokenizer != nullptr;
        describe();
    }

    ImportedRun run(std::stop_token stop) {
        m_observer.started(m_spec.name);
        RunWriter writer(m_request.db, m_spec, documents(), {});
        for (std::int64_t at = 0; at < m_dump.tokens(); at += kChunk) {
            if (stop.stop_requested()) {
                throw Error(ErrorCode::Cancelled,
                            "import of " + m_file.string() + " stopped; what was read stays as an interrupted run");
            }
            const std::int64_t end = std::min(m_dump.tokens(), at + kChunk);
            write(writer, at, end);
            m_observer.progress(end, m_dump.tokens());
        }
        writer.finish(RunState::Complete);
        const MoeConfig& gate = m_spec.layers.front().moe;
        return {m_spec.name,  m_spec.content, m_dump.tokens(), std::int64_t(m_spec.layers.size()),
                gate.experts, gate.topK};
    }

private:
    void openTokenizer() {
        try {
            m_tokenizer = Tokenizer::open(m_request.model);
            m_spec.vocabulary = m_tokenizer->vocabularySize();
        } catch (const Error& error) {
            if (error.code() != ErrorCode::NotFound) {
                throw;
            }
            m_observer.note(m_request.model.string() + " has no tokenizer: the run shows token ids, not text");
        }
    }

    const MoeLayerInfo* gateOfModel(std::int32_t layer) const {
        const auto at = std::ranges::find(m_gates, LayerId(layer), &MoeLayerInfo::layer);
        return at == m_gates.end() ? nullptr : &*at;
    }

    MoeLayerInfo infoOf(const RoutingDump::Layer& layer) {
        MoeLayerInfo info{LayerId(layer.index), {}, {}};
        if (const MoeLayerInfo* known = gateOfModel(layer.index)) {
            info = *known;
        } else if (!m_gates.empty()) {
            throw Error(ErrorCode::InvalidArgument, m_file.string() + " routes in layer " +
                                                        std::to_string(layer.index) + ", which is no MoE layer of " +
                                                        m_request.model.string());
        }
        info.moe.topK = layer.topK > 0 ? layer.topK : m_request.topK > 0 ? m_request.topK : info.moe.topK;
        if (info.moe.topK < 1) {
            throw Error(ErrorCode::InvalidArgument,
                        m_file.string() + " holds logits only; --top-k N or --model FOLDER says how many experts a "
                                          "token has");
        }
        info.moe.experts = layer.experts > 0 ? layer.experts : expertsOf(layer, info.moe.experts);
        if (m_gates.empty() && layer.logits && layer.weights) {
            info.moe = gateThatGives(m_dump, layer).value_or(info.moe);
        }
        if (info.moe.topK > info.moe.experts) {
            throw Error(ErrorCode::InvalidArgument, m_file.string() + ": layer " + std::to_string(layer.index) +
                                                        " has " + std::to_string(info.moe.experts) + " experts and " +
                                                        std::to_string(info.moe.topK) + " for each token");
        }
        return info;
    }

    // Of a layer without logits: as asked for or as the model has, else the largest id + 1 of all layers.
    std::int32_t expertsOf(const RoutingDump::Layer& layer, std::int32_t known) {
        if (m_request.experts > 0 || known > 0) {
            return m_request.experts > 0 ? m_request.experts : known;
        }
        if (m_largestId < 0) {
            for (const RoutingDump::Layer& each : m_dump.layers()) {
                for (std::int64_t at = 0; at < m_dump.tokens(); at += kChunk) {
                    for (const std::uint16_t id : m_dump.ids(each, at, std::min(m_dump.tokens(), at + kChunk))) {
                        m_largestId = std::max(m_largestId, id == kNoExpert ? -1 : std::int32_t(id));
                    }
                }
            }
            m_observer.note(m_file.string() + " does not say how many experts there are: the largest id makes it " +
                            std::to_string(m_largestId + 1) + "; --experts N says it");
        }
        return std::max(m_largestId + 1, layer.topK);
    }

    std::int32_t mostExperts() const {
        std::int32_t most = 0;
        for (const MoeLayerInfo& layer : m_spec.layers) {
            most = std::max(most, layer.moe.experts);
        }
        return most;
    }

    void describe() {
        const bool probabilities =
            std::ranges::any_of(m_dump.layers(), [](const RoutingDump::Layer& l) { return l.probabilities; });
        if (probabilities) {
            m_spec.provenance.emplace_back("logits", "logarithms of the probabilities in the file");
            m_observer.note(m_file.string() + ": router_logits hold probabilities; their logarithms are recorded");
        }
        if (!m_dump.hasWeights()) {
            m_spec.provenance.emplace_back("weights", m_dump.hasLogits() ? "computed from the logits" : "none");
        }
    }

    std::vector<DocumentInfo> documents() const {
        std::vector<DocumentInfo> list;
        for (std::int64_t s = 0; s < m_dump.sequences(); ++s) {
            list.push_back({"sequence " + std::to_string(s), "all", s * m_dump.length(), m_dump.length()});
        }
        return list;
    }

    void write(RunWriter& writer, std::int64_t begin, std::int64_t end) {
        const auto ids = m_dump.tokenIds(begin, end);
        addPieces(writer, ids);
        writer.tokens({begin, ids, Phase::Prompt});
        for (std::size_t l = 0; l < m_spec.layers.size(); ++l) {
            writeLayer(writer, m_dump.layers()[l], m_spec.layers[l], begin, end);
        }
        writer.commit(end);
    }

    void addPieces(RunWriter& writer, const std::vector<std::int32_t>& ids) {
        std::vector<Piece> pieces;
        for (const std::int32_t id : ids) {
            if (m_tokenizer && m_known.insert(id).second) {
                pieces.push_back({id, m_tokenizer->piece(id)});
            }
        }
        if (!pieces.empty()) {
            writer.addPieces(pieces);
        }
    }

    void writeLayer(RunWriter& writer, const RoutingDump::Layer& layer, const MoeLayerInfo& info, std::int64_t begin,
                    std::int64_t end) {
        const auto tokens = std::size_t(end - begin);
        std::vector<float> logits;
        if (layer.logits) {
            logits = m_dump.logits(layer, begin, end);
        }
        std::vector<std::uint16_t> ids(tokens * std::size_t(info.moe.topK));
        std::vector<float> weights(ids.size(), std::numeric_limits<float>::quiet_NaN());
        if (!layer.ids) {
            routeTopK(info, logits, ids, weights, begin);
        } else {
            ids = m_dump.ids(layer, begin, end);
            requireDistinct(ids, info, begin);
            if (layer.weights) {
                weights = m_dump.weights(layer, begin, end);
                strongestFirst(ids, weights, std::size_t(info.moe.topK));
            } else if (layer.logits) {
                weighChosen(info, logits, ids, weights);
            }
        }
        writer.routing(
            {info.layer, begin, std::int32_t(tokens), info.moe.topK, info.moe.experts, ids, weights, logits});
    }

    void requireDistinct(const std::vector<std::uint16_t>& ids, const MoeLayerInfo& info, std::int64_t begin) const {
        const auto k = std::size_t(info.moe.topK);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const auto first = ids.begin() + std::ptrdiff_t(i / k * k);
            const auto here = ids.begin() + std::ptrdiff_t(i);
            const bool twice = ids[i] != kNoExpert && std::find(first, here, ids[i]) != here;
            if (twice || (ids[i] != kNoExpert && ids[i] >= info.moe.experts)) {
                throw Error(ErrorCode::Corruption, m_file.string() + ": token " +
                                                       std::to_string(begin + std::int64_t(i / k)) + " has expert " +
                                                       std::to_string(ids[i]) + (twice ? " twice" : "") + " in layer " +
                                                       std::to_string(info.layer.value) + " of " +
                                                       std::to_string(info.moe.experts) + " experts");
            }
        }
    }

    // Dumps may list a token's experts by id.
    static void strongestFirst(std::vector<std::uint16_t>& ids, std::vector<float>& weights, std::size_t k) {
        std::vector<std::pair<float, std::uint16_t>> row(k);
        for (std::size_t at = 0; at < ids.size(); at += k) {
            for (std::size_t i = 0; i < k; ++i) {
                row[i] = {weights[at + i], ids[at + i]};
            }
            std::ranges::stable_sort(row, [](const auto& a, const auto& b) {
                return a.first != b.first ? a.first > b.first : a.second < b.second;
            });
            for (std::size_t i = 0; i < k; ++i) {
                std::tie(weights[at + i], ids[at + i]) = row[i];
            }
        }
    }

    std::filesystem::path m_file;
    const ImportRequest& m_request;
    ImportObserver& m_observer;
    RoutingDump m_dump;
    RunSpec m_spec;
    std::vector<MoeLayerInfo> m_gates;
    std::unique_ptr<Tokenizer> m_tokenizer;
    std::set<std::int32_t> m_known; // ids whose pieces are written
    std::int32_t m_largestId = -1;
};

} // namespace

ImportedRun importDump(const std::filesystem::path& file, const ImportRequest& request, ImportObserver& observer,
                       std::stop_token stop) {
    return DumpImport(file, request, observer).run(stop);
}

} // namespace moescope
