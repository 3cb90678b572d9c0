#pragma once

#include <cstdint>
#include <optional>

#include "engine/checkpoint/model_config.h"

namespace moescope {

// Where a model's weights will be while it runs, decided before it starts. A model is kept where its weights take at
// most a share of the memory this process may use (the machine's, or its control group's limit); else every batch
// streams them from the memory map: a layer's attention at a time, then its experts one for each thread.
struct MemoryPlan {
    std::int64_t usable = 0;  // bytes
    std::int64_t weights = 0; // of all weights as they are kept
    bool streamed = false;
    std::int64_t largestExpert = 0;       // in the compute type
    std::int64_t largestLayerRest = 0;    // of a layer without its routed experts
    std::int64_t head = 0;                // final projection
    std::int64_t readAhead = 0;           // weights that are read before they are used, at most
    std::int64_t activationsPerToken = 0; // of a token in a batch

    // What the process needs beside what the system may drop: streamed weights, or all, and the activations.
    std::int64_t needed(std::int64_t tokens, int threads) const;
};

// Bytes of a number in the compute type, and of a weight of an expert, routed or shared.
struct ElementBytes {
    ElementBytes(std::int64_t all) : compute(all), experts(all) {}
    ElementBytes(std::int64_t computeType, std::int64_t expertWeights) : compute(computeType), experts(expertWeights) {}

    std::int64_t compute;
    std::int64_t experts;
};

// `budget`: bytes that weights may take; a share of the memory by default.
MemoryPlan planMemory(const ModelConfig& config, const ElementBytes& bytes,
                      std::optional<std::int64_t> budget = std::nullopt);

} // namespace moescope
