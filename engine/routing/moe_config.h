#pragma once

#include <cstdint>
#include <vector>

#include "engine/routing/ids.h"

namespace moescope {

// How router logits become the scores that experts are chosen by ("prob" in the exports).
enum class ScoreFunction : std::uint8_t {
    Softmax,           // softmax over all experts, then top-k (Mixtral, Qwen-MoE, OLMoE, DeepSeek-V2)
    Sigmoid,           // sigmoid per expert, chosen on score + bias (DeepSeek-V3)
    SoftmaxOverChosen, // top-k on logits, softmax over the k (gpt-oss, Granite); prob is the softmax over all
    SparseMixer,       // Phi-3.5-MoE
};

enum class GroupScore : std::uint8_t { None, Max, TopTwoSum }; // group-limited routing of DeepSeek-V2 and -V3

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
