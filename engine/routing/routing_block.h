#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/routing/ids.h"
#include "engine/routing/no_expert.h"

namespace moescope {

// The routing of consecutive tokens in one MoE layer: what the engine emits, the recording stores, and every
// statistic reads. A view; the owner says how long the memory lives.
struct RoutingBlock {
    LayerId layer;
    TokenIndex first = 0;
    std::int32_t tokens = 0;
    std::int32_t topK = 0;
    std::int32_t experts = 0;
    std::span<const std::uint16_t> ids; // [tokens, topK], strongest first; kNoExpert where unused
    std::span<const float> weights;     // [tokens, topK], what multiplies the experts' outputs
    std::span<const float> logits;      // [tokens, experts], raw; empty where not recorded

    TokenIndex end() const { return first + tokens; }
    std::span<const std::uint16_t> idsOf(std::int32_t t) const {
        return ids.subspan(std::size_t(t) * topK, std::size_t(topK));
    }
    std::span<const float> weightsOf(std::int32_t t) const {
        return weights.subspan(std::size_t(t) * topK, std::size_t(topK));
    }
    std::span<const float> logitsOf(std::int32_t t) const {
        return logits.subspan(std::size_t(t) * experts, std::size_t(experts));
    }
};

enum class Phase : std::uint8_t { Prompt = 0, Generated = 1 };

// Consecutive tokens of a run. A view.
struct TokenBlock {
    TokenIndex first = 0;
    std::span<const std::int32_t> ids; // [tokens] vocabulary ids
    Phase phase = Phase::Prompt;
};

} // namespace moescope
