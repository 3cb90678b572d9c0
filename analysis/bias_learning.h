#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/routing/correction_bias.h"
#include "engine/routing/moe_config.h"

namespace moescope {

struct BiasLearning {
    double rate = kCorrectionRate;
    std::int32_t batchTokens = 2048;
    std::int32_t passes = 0; // 0: as many as make kBiasUpdates updates
    std::uint64_t seed = 1;
    std::int64_t recordedSteps = 500; // at most so many steps of the trajectory are kept, evenly spaced
};

inline constexpr std::int64_t kBiasUpdates = 1000; // at the published rate biases can then move by 1

// A step of the trajectory: the load of one batch, routed with the bias before its update. The bias after any step
// is the sum of the signs of all loads before it, so that loads tell the whole trajectory where every step is kept.
struct BiasStep {
    std::int64_t step = 0;   // counts from 1
    std::int64_t tokens = 0; // routed since the start
    std::vector<std::int64_t> load;
};

struct LearntBias {
    std::vector<float> bias; // [experts]
    std::vector<BiasStep> steps;
};

// Passes over `tokens` tokens that `learning` asks for.
std::int32_t passesOf(const BiasLearning& learning, std::int64_t tokens);

// Learns the correction bias of one layer from recorded logits: every pass deals the tokens into batches in an order
// shuffled by the seed (the same for every layer of a run), routes each batch with the bias so far and updates it
// (updateCorrectionBias). Starts from the layer's own bias where it has one. logits: [tokens, experts].
// `batch` is called before each batch with the number of batches done; it may throw to stop.
LearntBias learnCorrectionBias(const MoeLayerInfo& layer, std::span<const float> logits, const BiasLearning& learning,
                               const std::function<void(std::int64_t)>& batch);

} // namespace moescope
