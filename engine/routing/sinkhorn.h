#pragma once

#include <cstdint>
#include <span>

#include "engine/routing/moe_config.h"
#include "engine/routing/routing_block.h"

namespace moescope {

struct SinkhornOptions {
    std::int32_t maxIterations = 200;
    float tolerance = 1e-3F; // largest |column sum - T/E| / (T/E) at which the iteration stops

    friend bool operator==(const SinkhornOptions&, const SinkhornOptions&) = default;
};

// Sinkhorn routing (Clark et al., arXiv 2202.01169, appendix B.2.1: S-BASE): the plan
//
//   P = diag(u) exp(logits) diag(v),   every row sums to 1, every column to T/E
//
// is the assignment of largest score plus entropy that spreads the tokens evenly; experts are then chosen by P. Rows
// and columns are scaled in turns (Sinkhorn-Knopp), columns last but for the final row scaling.
// A logit of -inf stays 0; an expert that no token may use keeps an empty column, a token without experts an empty row.
// logits and plan: [tokens, experts], no NaN, no +inf.
void sinkhornPlan(std::span<const float> logits, std::int32_t experts, const SinkhornOptions& options,
                  std::span<float> plan);

// The topK experts of each token by the plan of the whole group, weighed as the layer's gate weighs chosen experts
// (weighChosen). Sees the whole group: not causal. ids and weights: [tokens, topK].
void routeSinkhorn(const MoeLayerInfo& layer, std::span<const float> logits, const SinkhornOptions& options,
                   std::span<std::uint16_t> ids, std::span<float> weights);

} // namespace moescope
