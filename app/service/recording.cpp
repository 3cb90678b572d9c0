#include "app/service/recording.h"

#include "app/service/group_routing.h"
#include "db/recording_reader.h"

namespace moescope {

// Reading changes caches only.
struct Recording::Impl {
    explicit Impl(const std::filesystem::path& file) : reader(file) {}
    sqlite::RecordingReader reader;
};

Recording::Recording(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Recording::~Recording() = default;

std::unique_ptr<Recording> Recording::open(const std::filesystem::path& file) {
    return std::unique_ptr<Recording>(new Recording(std::make_unique<Impl>(file)));
}

std::unique_ptr<Recording> Recording::reopen() const {
    return open(file());
}

const std::filesystem::path& Recording::file() const {
    return m_impl->reader.file();
}

std::vector<RunInfo> Recording::runs() const {
    return m_impl->reader.runs();
}

RunInfo Recording::run(std::string_view idOrName) const {
    return m_impl->reader.run(idOrName);
}

std::vector<LayerSummary> Recording::summaries(const RunInfo& run, const RunFilter& filter) const {
    std::vector<LayerSummary> layers = m_impl->reader.summaries(run, filter);
    if (groupRouting(run) == kExpertChoice) {
        for (LayerSummary& layer : layers) {
            layer.topK = layer.choicesPerToken();
        }
    }
    return layers;
}

std::int32_t Recording::topK(const RunInfo& run, const MoeLayerInfo& layer) const {
    if (groupRouting(run) != kExpertChoice) {
        return layer.moe.topK;
    }
    RunFilter one;
    one.layers = {layer.layer};
    return summaries(run, one).front().topK;
}

void Recording::eachRouting(const RunInfo& run, const RunFilter& filter, bool logits,
                            const std::function<void(const RoutingBlock&)>& visit) const {
    m_impl->reader.eachRouting(run, filter, logits, visit);
}

void Recording::eachChoice(const RunInfo& run, const RunFilter& filter,
                           const std::function<void(const RoutingBlock&)>& visit) const {
    m_impl->reader.eachChoice(run, filter, 0, visit);
}

void Recording::eachChoice(const RunInfo& run, const RunFilter& filter, std::int64_t stretch,
                           const std::function<void(const RoutingBlock&)>& visit) const {
    m_impl->reader.eachChoice(run, filter, stretch, visit);
}

std::vector<std::int32_t> Recording::tokenIds(const RunInfo& run) const {
    return m_impl->reader.tokenIds(run);
}

std::vector<TokenRecord> Recording::tokens(const RunInfo& run, TokenIndex begin, TokenIndex end) const {
    return m_impl->reader.tokens(run, begin, end);
}

MeanNll Recording::meanNll(const RunInfo& run) const {
    return m_impl->reader.meanNll(run);
}

std::vector<TokenRouteLayer> Recording::route(const RunInfo& run, TokenIndex token) const {
    return m_impl->reader.route(run, token);
}

std::vector<std::pair<TokenIndex, TokenIndex>> Recording::taken(const RunInfo& run, const RunFilter& filter) const {
    std::vector<std::pair<TokenIndex, TokenIndex>> ranges;
    for (const sqlite::TokenRange& range : m_impl->reader.taken(run, filter)) {
        ranges.emplace_back(range.begin, range.end);
    }
    return ranges;
}

std::vector<Piece> Recording::pieces(const RunInfo& run) const {
    return m_impl->reader.pieces(run);
}

std::string Recording::piece(const RunInfo& run, std::int32_t tokenId) const {
    return m_impl->reader.piece(run, tokenId);
}

std::int64_t Recording::lastTrainStep(const RunInfo& run) const {
    return m_impl->reader.lastTrainStep(run);
}

std::int64_t Recording::version() const {
    return m_impl->reader.version();
}

std::vector<TrainStep> Recording::trainSteps(const RunInfo& run) const {
    return m_impl->reader.trainSteps(run);
}

std::vector<TrainSnapshot> Recording::trainSnapshots(const RunInfo& run) const {
    return m_impl->reader.trainSnapshots(run);
}

std::vector<InterventionRow> Recording::interventions(const RunInfo& run) const {
    return m_impl->reader.interventions(run);
}

} // namespace moescope
