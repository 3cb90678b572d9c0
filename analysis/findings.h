#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analysis/capacity_whatif.h"
#include "analysis/coactivation.h"
#include "analysis/transitions.h"
#include "analysis/uniform_null.h"
#include "analysis/vocabulary.h"
#include "engine/routing/layer_summary.h"

namespace moescope {

// What a page has to say first, as values: the caller words it, in the user's language. No value where the data says
// nothing (no tokens, one expert, one domain).

// "Layer 7 is the least balanced: expert 21 takes 3.1 times its fair share (by chance at most 1.1)."
struct BalanceFinding {
    LayerId layer;
    ExpertId expert;           // its busiest
    double loadRatio = 0;      // of that expert
    double maxVio = 0;         // of that layer; loadRatio - 1
    double nullMaxVio = 0;     // mean of random routing
    double nullMaxVioHigh = 0; // 97.5 % of random routings lie below
    double cv = 0;
    std::int32_t deadExperts = 0;    // over all layers
    double nullDeadExperts = 0;      // expected by chance, over all layers
    std::int32_t balancedLayers = 0; // layers not above what chance shows
    std::int32_t layers = 0;
    bool aboveChance() const { return maxVio > nullMaxVioHigh; }
};
// chance: of each layer, where the caller has it; a simulation otherwise, which takes up to 0.2 s for 256 experts.
std::optional<BalanceFinding> leastBalancedLayer(std::span<const LayerSummary> layers,
                                                 std::span<const UniformNull> chance);
std::optional<BalanceFinding> leastBalancedLayer(std::span<const LayerSummary> layers);

// "Python text goes to expert 3 of layer 5 at 7.9 times its overall rate (38 % of its choices)."
struct DomainFinding {
    LayerId layer;
    ExpertId expert;
    std::int32_t domain = 0;
    double lift = 0;
    double share = 0; // of the domain's assignments
    std::int64_t assignments = 0;
};
// The strongest lifts, largest first; of cells with at least minAssignments. `pooled`: the whole run's sums of the same
// layers.
std::vector<DomainFinding> strongestLifts(std::span<const LayerSummary> layers, std::span<const LayerSummary> pooled,
                                          std::int64_t minAssignments, std::size_t limit);

// "The domains part most in layer 6 (0.31 bits; with permuted labels 0.01)."
struct SeparabilityFinding {
    LayerId layer;
    double bits = 0;
    double meanBits = 0; // over all layers
};
std::optional<SeparabilityFinding> mostSeparatingLayer(std::span<const LayerSummary> layers);

// "At capacity factor 1.25 layer 3 drops 12 % of its choices; 2 % of tokens lose all." One entry per layer.
struct OverflowFinding {
    LayerId layer;                // where most is dropped
    OverflowTotals worst;         // of that layer
    double droppedShare = 0;      // over all layers
    double losingAllShare = 0;    // of (token, layer) pairs
    std::optional<double> factor; // smallest of the tried capacity factors that drops at most 1 % in every layer
};
struct LayerWhatIf {
    LayerId layer;
    const CapacityWhatIf* whatIf = nullptr;
};
std::optional<OverflowFinding> overflowFinding(std::span<const LayerWhatIf> layers, const CapacityOptions& options);

// "Expert 4 of layer 2 is the one for ' return': 97 % of its 412 occurrences."
struct VocabularyFinding {
    ExpertId expert;
    VocabularyCounts::Entry entry;
};
std::optional<VocabularyFinding> mostExclusiveToken(const VocabularyCounts& vocabulary, std::int32_t experts,
                                                    std::int64_t minOccurrences);

// "Experts 3 and 9 work together: 61 % of the tokens of 3 have 9 too (by chance 7 %)."
struct PartnerFinding {
    ExpertId expert, partner;
    double conditional = 0;
    double uniform = 0;
};
std::optional<PartnerFinding> strongestPartners(const CoactivationCounts& counts, std::int32_t topK,
                                                std::int64_t minTokens);

// "From expert 3, 44 % of the choices go to expert 12 in the next layer."
struct TransitionFinding {
    ExpertId expert, next;
    double share = 0; // of the choices of expert's tokens in the next layer
    std::int64_t count = 0;
};
std::optional<TransitionFinding> surestTransition(const TransitionCounts& counts, std::int64_t minCount);

} // namespace moescope
