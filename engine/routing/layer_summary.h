#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/routing/ids.h"
#include "engine/routing/routing_block.h"

namespace moescope {

struct MoeConfig;
struct MoeLayerInfo;

// The sums over tokens that every aggregate view of a layer is made from; additive over tokens, kept beside the
// blocks so that a window reads kilobytes instead of the run. Definitions: docs on metrics.
struct LayerSummary {
    LayerId layer;
    std::int32_t experts = 0;
    std::int32_t topK = 0; // experts a token is meant to have, however many slots its blocks keep
    std::int64_t tokens = 0;
    std::int64_t tokensWithLogits = 0;
    std::int64_t tokensWithMargin = 0;      // tokens that have a rank k+1; the mean margin's denominator
    std::vector<std::int64_t> assignments;  // [experts] n_e over all slots
    std::vector<std::int64_t> top1;         // [experts] tokens whose strongest expert it is
    std::vector<double> weightSum;          // [experts] sum of combine weights
    std::vector<double> probSum;            // [experts] sum of prob over all tokens with logits
    double zSum = 0;                        // sum of logsumexp(logits)^2
    double marginSum = 0;                   // sum of router margins (score of rank k minus rank k+1)
    std::vector<std::int64_t> domainTokens; // [domains]
    std::vector<std::int64_t> byDomain;     // [domains, experts] assignments

    // Adds a block; domainOf[t] is the domain index of the block's token t (not read where there are no domains).
    // Every sum grows token by token in f64, so the result does not depend on how a run was cut into blocks.
    // A token whose logits are not all below +inf (or are all -inf) counts as one without logits.
    void add(const RoutingBlock& block, const MoeLayerInfo& layerInfo, std::span<const std::int32_t> domainOf);

    // Adds the sums of other tokens of the same layer and domains.
    void add(const LayerSummary& other);

    // Experts a token has on average, rounded: what k means for expert choice, whose tokens have as many as choose
    // them.
    std::int32_t choicesPerToken() const;

    // `domains` 0: byDomain is not kept.
    static LayerSummary empty(const MoeLayerInfo& layerInfo, std::int32_t domains);

    friend bool operator==(const LayerSummary&, const LayerSummary&) = default;
};

} // namespace moescope
