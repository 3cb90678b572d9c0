#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/routing/moe_config.h"
#include "engine/routing/routing_block.h"

namespace moescope {

struct ReplayOptions {
    std::string strategy = "topk";
    std::int32_t topK = 0; // 0: as recorded
};

// Chooses experts for recorded logits another way. One object replays one run, its layers in any order, the tokens of
// each in order.
class ReplayStrategy {
public:
    virtual ~ReplayStrategy() = default;

    // The gate of the replayed layer. Throws Error(InvalidArgument) where the layer cannot be routed so.
    virtual MoeLayerInfo gateOf(const MoeLayerInfo& recorded) const = 0;

    // Routes a block's logits; ids and weights: [tokens, top-k of `gate`]. gate: as gateOf said.
    virtual void route(const MoeLayerInfo& gate, const RoutingBlock& recorded, std::span<std::uint16_t> ids,
                       std::span<float> weights) = 0;

    // For the run's provenance.
    virtual std::string description() const = 0;
};

// Throws Error: InvalidArgument for a name that is none, Unsupported with the reason for a strategy that lies in the
// weights and cannot be replayed.
std::unique_ptr<ReplayStrategy> makeReplayStrategy(const ReplayOptions& options);

} // namespace moescope
