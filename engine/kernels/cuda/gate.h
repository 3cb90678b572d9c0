#pragma once

#include <cstdint>

#include "engine/routing/score_function.h"

namespace moescope::cuda {

constexpr int kMostExperts = 512;
constexpr int kMostChosen = 32; // a lane of a warp for each slot

// MoeConfig as kernels take it: plain C++17, the selection bias on the device. See engine/routing/topk.h for its
// meaning.
struct Gate {
    std::int32_t experts = 0;
    std::int32_t topK = 0;
    ScoreFunction score = ScoreFunction::Softmax;
    bool renormalize = true;
    float scale = 1.0F;
    GroupScore groupScore = GroupScore::None;
    std::int32_t groups = 1;
    std::int32_t topkGroups = 1;
    float jitter = 0.01F;
    const float* selectionBias = nullptr; // [experts]; null: none
};

} // namespace moescope::cuda
