#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace moescope {

// What happened in one optimiser step of a training. Losses are means over tokens, in nats; NaN: there is none (a
// replay that learns a correction bias has steps with loads only; learningRate is then the bias's rate).
struct TrainStep {
    std::int64_t step = 0;   // counts from 1
    std::int64_t tokens = 0; // seen since the start
    double loss = 0;         // the language model's
    double auxLoss = 0;      // top-k auxiliary loss (engine/routing/topk_aux_loss.h), whether trained on or not
    double zLoss = 0;        // z-loss, likewise
    double gradientNorm = 0; // before clipping
    double learningRate = 0;
    double tokensPerSecond = 0;
    std::vector<std::vector<std::int64_t>> load;        // [MoE layers][experts] assignments in this step
    std::vector<std::vector<float>> importance;         // [MoE layers][experts] sums of their weights; empty: unknown
    std::vector<std::pair<std::string, double>> losses; // the strategy's own, mean over layers, without coefficients
};

} // namespace moescope
