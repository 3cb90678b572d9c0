#pragma once

#include <cstdint>

#include "engine/routing/layer_summary.h"

namespace moescope {

// How an expert stands to a domain in one layer. NaN where a denominator is zero.
struct DomainAffinity {
    std::int64_t assignments = 0; // of the domain's tokens to the expert
    double share = 0;             // of all of the domain's assignments; P(e|D)
    double tokenShare = 0;        // of the domain's tokens that have the expert among their k (OLMoE); fair: k/E
    double lift = 0;              // P(e|D) / P(e), P(e) the expert's share over `pooled`
    double pmiBits = 0;           // log2 lift; -inf where the lift is 0
};

// `layer` gives the domain's counts, `pooled` (the whole run's sums of the same layer) the reference P(e).
DomainAffinity domainAffinity(const LayerSummary& layer, const LayerSummary& pooled, std::int32_t domain,
                              std::int32_t expert);

} // namespace moescope
