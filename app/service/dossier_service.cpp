#include "app/service/dossier_service.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "analysis/coactivation.h"
#include "analysis/load_balance.h"
#include "analysis/specialization.h"
#include "analysis/surprise.h"
#include "analysis/token_class.h"
#include "analysis/uniform_null.h"
#include "analysis/vocabulary.h"
#include "engine/routing/error.h"
#include "engine/routing/layer_list.h"

namespace moescope {

namespace {

constexpr std::size_t kPartners = 6;
constexpr std::size_t kOfOneToken = 2; // contexts

// A token that has the expert.
struct Hit {
    TokenIndex token = 0;
    std::int32_t tokenId = 0;
    float weight = 0;
    int slot = 0;
};

class Dossier {
public:
    Dossier(const Recording& recording, const DossierRequest& request, std::stop_token stop)
        : m_recording(recording), m_request(request), m_stop(std::move(stop)) {}

    ExpertDossier read();

private:
    std::size_t findLayer();
    void readSums();
    void readDomains(const LayerSummary& sums, const LayerSummary& pooled);
    void readRoutes();
    void addBlock(const RoutingBlock& block);
    void fillVocabulary();
    void fillClasses();
    void fillPartners();
    void readNeighbour(std::size_t layer, LayerId& id, std::vector<ExpertDossier::Partner>& out);
    void fillContexts();
    ExpertDossier::Context contextOf(const Hit& hit) const;
    void eachBlock(LayerId layer, const std::function<void(const RoutingBlock&)>& visit) const;

    const Recording& m_recording;
    const DossierRequest& m_request;
    std::stop_token m_stop;
    ExpertDossier m_out;
    std::vector<std::int32_t> m_tokenIds; // of the run's tokens
    std::optional<VocabularyCounts> m_vocabulary;
    CoactivationCounts m_pairs{0};
    std::map<std::int32_t, std::int64_t> m_occurrences; // by token id
    std::vector<Hit> m_hits;
};

std::size_t Dossier::findLayer() {
    const auto& layers = m_out.run.spec.layers;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (layers[i].layer == m_request.layer) {
            if (m_request.expert.value < 0 || m_request.expert.value >= layers[i].moe.experts) {
                throw Error(ErrorCode::NotFound, "layer " + std::to_string(m_request.layer.value) + " has no expert " +
                                                     std::to_string(m_request.expert.value) + "; it has experts 0 to " +
                                                     std::to_string(layers[i].moe.experts - 1));
            }
            return i;
        }
    }
    throw Error(ErrorCode::NotFound, "the run has no MoE layer " + std::to_string(m_request.layer.value) +
                                         "; its MoE layers are " + layerList(layers));
}

void Dossier::readSums() {
    RunFilter one = m_request.filter, all;
    one.layers = all.layers = {m_request.layer};
    const LayerSummary sums = m_recording.summaries(m_out.run, one).front();
    const LayerSummary pooled = m_recording.summaries(m_out.run, all).front();
    const auto e = std::size_t(m_request.expert.value);
    const LoadBalance balance = loadBalance(sums.assignments);
    const UniformNull chance = uniformNull(sums.tokens, sums.topK, sums.experts);
    m_out.experts = sums.experts;
    m_out.topK = sums.topK;
    m_out.tokens = sums.tokens;
    m_out.assignments = sums.assignments[e];
    m_out.firstChoices = sums.top1[e];
    m_out.loadRatio = loadRatio(sums.assignments[e], balance.assignments, sums.experts);
    m_out.chanceLow = chance.loadRatioLow;
    m_out.chanceHigh = chance.loadRatioHigh;
    m_out.meanWeight = m_out.assignments == 0 ? 0 : sums.weightSum[e] / double(m_out.assignments);
    m_out.place = 1 + std::int32_t(std::count_if(sums.assignments.begin(), sums.assignments.end(),
                                                 [&](std::int64_t n) { return n > sums.assignments[e]; }));
    readDomains(sums, pooled);
}

void Dossier::readDomains(const LayerSummary& sums, const LayerSummary& pooled) {
    const double p = double(sums.topK) / sums.experts;
    for (std::size_t d = 0; d < m_out.run.domains.size() && d < sums.domainTokens.size(); ++d) {
        if (sums.domainTokens[d] == 0) {
            continue;
        }
        const DomainAffinity affinity = domainAffinity(sums, pooled, std::int32_t(d), m_request.expert.value);
        const double spread = 1.96 * std::sqrt((1 - p) / (p * double(sums.domainTokens[d])));
        m_out.domains.push_back(
            {m_out.run.domains[d], affinity.assignments, affinity.share, affinity.lift, 1 + spread});
    }
    std::stable_sort(m_out.domains.begin(), m_out.domains.end(),
                     [](const auto& a, const auto& b) { return a.lift > b.lift; });
}

void Dossier::eachBlock(LayerId layer, const std::function<void(const RoutingBlock&)>& visit) const {
    RunFilter one = m_request.filter;
    one.layers = {layer};
    m_recording.eachRouting(m_out.run, one, false, [&](const RoutingBlock& block) {
        if (m_stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        visit(block);
    });
}

void Dossier::addBlock(const RoutingBlock& block) {
    m_vocabulary->add(block);
    m_pairs.add(block);
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        const std::int32_t tokenId = m_tokenIds[std::size_t(block.first + t)];
        ++m_occurrences[tokenId];
        const auto ids = block.idsOf(t);
        const auto at = std::find(ids.begin(), ids.end(), std::uint16_t(m_request.expert.value));
        if (at != ids.end()) {
            const auto slot = std::size_t(at - ids.begin());
            m_hits.push_back({block.first + t, tokenId, block.weightsOf(t)[slot], int(slot)});
        }
    }
}

void Dossier::readRoutes() {
    m_tokenIds = m_recording.tokenIds(m_out.run);
    m_vocabulary.emplace(std::make_shared<const VocabularyIndex>(m_tokenIds), m_out.experts);
    m_pairs = CoactivationCounts(m_out.experts);
    eachBlock(m_request.layer, [this](const RoutingBlock& block) { addBlock(block); });
}

void Dossier::fillVocabulary() {
    const double rate = m_out.tokens == 0 ? 0 : double(m_hits.size()) / double(m_out.tokens);
    for (const VocabularyCounts::Entry& entry : m_vocabulary->of(m_request.expert.value)) {
        m_out.vocabulary.push_back({entry.tokenId,
                                    {},
                                    entry.count,
                                    entry.occurrences,
                                    surprise(double(entry.count), rate * double(entry.occurrences))});
    }
    std::stable_sort(m_out.vocabulary.begin(), m_out.vocabulary.end(),
                     [](const auto& a, const auto& b) { return a.surprise > b.surprise; });
}

void Dossier::fillClasses() {
    std::map<TokenClass, std::pair<std::int64_t, std::int64_t>> counts; // own, all
    std::map<std::int32_t, TokenClass> classes;
    for (const auto& [id, occurrences] : m_occurrences) {
        classes[id] = classOf(m_recording.piece(m_out.run, id));
        counts[classes[id]].second += occurrences;
    }
    for (const auto& token : m_out.vocabulary) {
        counts[classes[token.tokenId]].first += token.count;
    }
    const auto own = double(std::max<std::size_t>(1, m_hits.size())),
               all = double(std::max<std::int64_t>(1, m_out.tokens));
    for (const auto& [kind, count] : counts) {
        const double share = double(count.first) / own;
        m_out.classes.push_back({std::string(kTokenClassNames[std::size_t(kind)]), count.first, share,
                                 share / (double(count.second) / all)});
    }
    std::stable_sort(m_out.classes.begin(), m_out.classes.end(),
                     [](const auto& a, const auto& b) { return a.lift > b.lift; });
}

void keepBest(std::vector<ExpertDossier::Partner>& partners) {
    std::erase_if(partners, [](const auto& p) { return p.count == 0; });
    std::stable_sort(partners.begin(), partners.end(), [](const auto& a, const auto& b) { return a.share > b.share; });
    partners.resize(std::min(partners.size(), kPartners));
}

void Dossier::fillPartners() {
    const std::int32_t own = m_request.expert.value;
    const auto all = double(std::max<std::int64_t>(1, m_out.tokens));
    for (std::int32_t e = 0; e < m_out.experts; ++e) {
        if (e == own) {
            continue;
        }
        const double share = m_pairs.conditional(e, own);
        // Of the k - 1 further choices, those the loads would give to e.
        const double rest = double(m_out.topK) * all - double(m_pairs.count(own, own));
        const double even = rest > 0 ? double(m_out.topK - 1) * double(m_pairs.count(e, e)) / rest : 0;
        m_out.partners.push_back({ExpertId(e), m_pairs.count(own, e), share, even > 0 ? share / even : 0});
    }
    keepBest(m_out.partners);
}

void Dossier::readNeighbour(std::size_t layer, LayerId& id, std::vector<ExpertDossier::Partner>& out) {
    const MoeLayerInfo& info = m_out.run.spec.layers[layer];
    id = info.layer;
    std::vector<std::int64_t> shared(std::size_t(info.moe.experts)), load(shared.size());
    std::size_t next = 0; // in m_hits, which are in order
    eachBlock(info.layer, [&](const RoutingBlock& block) {
        for (std::int32_t t = 0; t < block.tokens; ++t) {
            while (next < m_hits.size() && m_hits[next].token < block.first + t) {
                ++next;
            }
            const bool hit = next < m_hits.size() && m_hits[next].token == block.first + t;
            for (const std::uint16_t e : block.idsOf(t)) {
                if (e != kNoExpert) {
                    ++load[e];
                    shared[e] += hit ? 1 : 0;
                }
            }
        }
    });
    const auto own = double(std::max<std::size_t>(1, m_hits.size()));
    for (std::size_t e = 0; e < load.size(); ++e) {
        const double share = double(shared[e]) / own;
        const double even = double(load[e]) / double(std::max<std::int64_t>(1, m_out.tokens));
        out.push_back({ExpertId(std::int32_t(e)), shared[e], share, even > 0 ? share / even : 0});
    }
    keepBest(out);
}

ExpertDossier::Context Dossier::contextOf(const Hit& hit) const {
    const auto& documents = m_out.run.documents;
    const auto after = std::upper_bound(documents.begin(), documents.end(), hit.token,
                                        [](TokenIndex token, const DocumentInfo& d) { return token < d.first; });
    const DocumentInfo& document = *std::prev(after);
    const TokenIndex begin = std::max(document.first, hit.token - m_request.around);
    const TokenIndex end = std::min(document.first + document.tokens, hit.token + 1 + m_request.around / 2);
    ExpertDossier::Context context{hit.token, document.name, document.domain, {}, {}, {}, double(hit.weight), hit.slot};
    for (const TokenRecord& token : m_recording.tokens(m_out.run, begin, std::min(end, m_out.run.tokens))) {
        (token.token < hit.token   ? context.before
         : token.token > hit.token ? context.after
                                   : context.text) += token.text;
    }
    return context;
}

void Dossier::fillContexts() {
    if (m_out.run.documents.empty() || !m_out.run.spec.text) {
        return;
    }
    std::vector<Hit> byWeight = m_hits;
    std::stable_sort(byWeight.begin(), byWeight.end(), [](const Hit& a, const Hit& b) { return a.weight > b.weight; });
    std::map<std::int32_t, std::size_t> taken;
    for (const Hit& hit : byWeight) {
        if (m_out.strongest.size() < m_request.contexts && taken[hit.tokenId]++ < kOfOneToken) {
            m_out.strongest.push_back(contextOf(hit));
        }
    }
    const std::size_t wanted = std::min(m_request.contexts, m_hits.size());
    for (std::size_t i = 0; i < wanted; ++i) {
        m_out.sample.push_back(contextOf(m_hits[(2 * i + 1) * m_hits.size() / (2 * wanted)]));
    }
}

ExpertDossier Dossier::read() {
    m_out.run = m_recording.run(m_request.run);
    m_out.layer = m_request.layer;
    m_out.expert = m_request.expert;
    const std::size_t layer = findLayer();
    if (m_out.run.spec.content == RunContent::CountsOnly) {
        throw Error(ErrorCode::Unsupported,
                    "run " + m_out.run.spec.name + " holds counts only; a dossier needs a run with its routes");
    }
    readSums();
    readRoutes();
    fillVocabulary();
    fillClasses();
    fillPartners();
    if (layer > 0) {
        readNeighbour(layer - 1, m_out.layerBefore, m_out.before);
    }
    if (layer + 1 < m_out.run.spec.layers.size()) {
        readNeighbour(layer + 1, m_out.layerBehind, m_out.behind);
    }
    m_out.vocabulary.resize(std::min(m_out.vocabulary.size(), m_request.tokens));
    for (auto& token : m_out.vocabulary) {
        token.text = m_recording.piece(m_out.run, token.tokenId);
    }
    fillContexts();
    return std::move(m_out);
}

} // namespace

ExpertDossier readDossier(const Recording& recording, const DossierRequest& request, std::stop_token stop) {
    return Dossier(recording, request, std::move(stop)).read();
}

} // namespace moescope
