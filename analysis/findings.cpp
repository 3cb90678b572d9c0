#include "analysis/findings.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "analysis/load_balance.h"
#include "analysis/separability.h"
#include "analysis/specialization.h"

namespace moescope {

std::optional<BalanceFinding> leastBalancedLayer(std::span<const LayerSummary> layers) {
    std::map<std::tuple<std::int64_t, std::int32_t, std::int32_t>, UniformNull> nulls; // layers of one shape share it
    std::vector<UniformNull> chance;
    for (const LayerSummary& layer : layers) {
        const std::tuple shape(layer.tokens, layer.topK, layer.experts);
        if (!nulls.contains(shape)) {
            nulls[shape] = uniformNull(layer.tokens, layer.topK, layer.experts);
        }
        chance.push_back(nulls[shape]);
    }
    return leastBalancedLayer(layers, chance);
}

std::optional<BalanceFinding> leastBalancedLayer(std::span<const LayerSummary> layers,
                                                 std::span<const UniformNull> chance) {
    std::optional<BalanceFinding> worst;
    std::int32_t dead = 0, counted = 0, balanced = 0;
    double nullDeadSum = 0;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const LayerSummary& layer = layers[l];
        const LoadBalance b = loadBalance(layer.assignments);
        if (b.assignments == 0 || layer.experts < 2) {
            continue;
        }
        const UniformNull& null = chance[l];
        dead += b.deadExperts;
        nullDeadSum += null.dead;
        ++counted;
        balanced += b.maxVio <= null.maxVio.high ? 1 : 0;
        if (!worst || b.maxVio > worst->maxVio) {
            worst = BalanceFinding{layer.layer,      ExpertId(b.busiest), b.maxVio + 1, b.maxVio,
                                   null.maxVio.mean, null.maxVio.high,    b.cv};
        }
    }
    if (worst) {
        worst->deadExperts = dead;
        worst->nullDeadExperts = nullDeadSum;
        worst->balancedLayers = balanced;
        worst->layers = counted;
    }
    return worst;
}

std::vector<DomainFinding> strongestLifts(std::span<const LayerSummary> layers, std::span<const LayerSummary> pooled,
                                          std::int64_t minAssignments, std::size_t limit) {
    std::vector<DomainFinding> found;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const auto domains = std::int32_t(layers[l].domainTokens.size());
        for (std::int32_t d = 0; d < domains; ++d) {
            for (std::int32_t e = 0; e < layers[l].experts; ++e) {
                const DomainAffinity a = domainAffinity(layers[l], pooled[l], d, e);
                if (a.assignments > 0 && a.assignments >= minAssignments) {
                    found.push_back({layers[l].layer, ExpertId(e), d, a.lift, a.share, a.assignments});
                }
            }
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.lift > b.lift; });
    found.resize(std::min(limit, found.size()));
    return found;
}

std::optional<SeparabilityFinding> mostSeparatingLayer(std::span<const LayerSummary> layers) {
    std::optional<SeparabilityFinding> best;
    double sum = 0;
    int counted = 0;
    for (const LayerSummary& layer : layers) {
        const double bits = domainSeparability(layer.byDomain, layer.experts);
        if (!(bits >= 0)) {
            continue;
        }
        sum += bits;
        ++counted;
        if (!best || bits > best->bits) {
            best = SeparabilityFinding{layer.layer, bits};
        }
    }
    if (best) {
        best->meanBits = sum / counted;
    }
    return best;
}

std::optional<OverflowFinding> overflowFinding(std::span<const LayerWhatIf> layers, const CapacityOptions& options) {
    constexpr std::array kFactors{1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0};
    std::optional<OverflowFinding> finding;
    OverflowTotals all;
    std::array<double, kFactors.size()> worstShare{};
    for (const auto& [layer, whatIf] : layers) {
        const OverflowTotals totals = whatIf->at(options);
        all.add(totals);
        if (!finding || totals.droppedShare() > finding->worst.droppedShare()) {
            finding = OverflowFinding{layer, totals, 0, 0, std::nullopt};
        }
        const auto curve = whatIf->curve(options, kFactors);
        for (std::size_t i = 0; i < kFactors.size(); ++i) {
            worstShare[i] = std::max(worstShare[i], curve[i].droppedShare());
        }
    }
    if (!finding || all.tokens == 0) {
        return {};
    }
    finding->droppedShare = all.droppedShare();
    finding->losingAllShare = double(all.tokensLosingAll) / double(all.tokens);
    const auto enough = std::find_if(worstShare.begin(), worstShare.end(), [](double s) { return s <= 0.01; });
    if (enough != worstShare.end()) {
        finding->factor = kFactors[std::size_t(enough - worstShare.begin())];
    }
    return finding;
}

std::optional<VocabularyFinding> mostExclusiveToken(const VocabularyCounts& vocabulary, std::int32_t experts,
                                                    std::int64_t minOccurrences) {
    std::optional<VocabularyFinding> best;
    for (std::int32_t e = 0; e < experts; ++e) {
        for (const auto& entry : vocabulary.mostExclusive(e, minOccurrences, 1)) {
            if (!best || entry.shareOfToken() > best->entry.shareOfToken()) {
                best = VocabularyFinding{ExpertId(e), entry};
            }
        }
    }
    return best;
}

std::optional<PartnerFinding> strongestPartners(const CoactivationCounts& counts, std::int32_t topK,
                                                std::int64_t minTokens) {
    std::optional<PartnerFinding> best;
    for (std::int32_t a = 0; a < counts.experts(); ++a) {
        for (std::int32_t b = 0; b < counts.experts(); ++b) {
            const double p = counts.conditional(b, a);
            if (a != b && counts.count(a, a) >= minTokens && p > (best ? best->conditional : 0)) {
                best = PartnerFinding{ExpertId(a), ExpertId(b), p, CoactivationCounts::uniform(topK, counts.experts())};
            }
        }
    }
    return best;
}

std::optional<TransitionFinding> surestTransition(const TransitionCounts& counts, std::int64_t minCount) {
    std::optional<TransitionFinding> best;
    for (std::int32_t from = 0; from < counts.experts(); ++from) {
        std::int64_t total = 0;
        std::int32_t to = 0;
        for (std::int32_t e = 0; e < counts.nextExperts(); ++e) {
            total += counts.count(from, e);
            to = counts.count(from, e) > counts.count(from, to) ? e : to;
        }
        const std::int64_t count = counts.count(from, to);
        if (total > 0 && count >= minCount && double(count) / double(total) > (best ? best->share : 0)) {
            best = TransitionFinding{ExpertId(from), ExpertId(to), double(count) / double(total), count};
        }
    }
    return best;
}

} // namespace moescope
