#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/routing/moe_config.h"
#include "engine/routing/routing_block.h"

namespace moescope {

// How close a layer's tokens were to another route: the distribution of router margins (selection score of rank k
// minus rank k+1). Needs logits. Bins of 0.005 up to 1; larger margins (biased scores) count in the last bin.
class MarginHistogram {
public:
    static constexpr std::size_t kBins = 200;

    void add(const MoeLayerInfo& layer, const RoutingBlock& block);
    void add(const MarginHistogram& other);

    std::int64_t tokens() const { return m_tokens; } // that have a margin
    double mean() const;
    // Margin that a share q of the tokens stays below, to a bin's width. NaN without tokens.
    double quantile(double q) const;
    std::span<const std::int64_t, kBins> bins() const { return m_bins; }

private:
    std::array<std::int64_t, kBins> m_bins{};
    std::int64_t m_tokens = 0;
    double m_sum = 0;
};

// One token's margin from its logits; NaN at k = experts.
float tokenMargin(const MoeLayerInfo& layer, std::span<const float> logits);

} // namespace moescope
