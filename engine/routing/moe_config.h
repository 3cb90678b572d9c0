#pragma once

#include <cstdint>
#include <vector>

#include "engine/routing/ids.h"
#include "engine/routing/score_function.h"

namespace moescope {

// The gate of one MoE layer.
struct MoeConfig {
    std::int32_t experts = 0;
    std::int32_t topK = 0;
    ScoreFunction score = ScoreFunction::Softmax;
    bool renormalize = true; // divide the k weights by their sum
    float scale = 1.0F;      // routed_scaling_factor
    GroupScore groupScore = GroupScore::None;
    std::int32_t groups = 1;
    std::int32_t topkGroups = 1;
    float jitter = 0.01F; // SparseMixer: logits within 2 x jitter of the largest take part (router_jitter_noise)

    friend bool operator==(const MoeConfig&, const MoeConfig&) = default;
};

struct MoeLayerInfo {
    LayerId layer;
    MoeConfig moe;
    std::vector<float> selectionBias; // [experts] added to the score when choosing; empty: none

    friend bool operator==(const MoeLayerInfo&, const MoeLayerInfo&) = default;
};

} // namespace moescope
