#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace moescope {

struct Intervention;

// What one layer's router did with a batch, on the host.
struct BatchRouting {
    const Intervention* intervention = nullptr; // done to the routes before the experts run; null: none
    std::int64_t tokens = 0;
    std::int32_t experts = 0;
    std::int32_t topK = 0;
    std::vector<std::uint16_t> ids;       // [tokens, topK]
    std::vector<float> weights;           // [tokens, topK]
    std::vector<float> logits;            // [tokens, experts]
    std::vector<std::int64_t> unrecorded; // given: rows that will not be recorded (beginnings of text), ascending

    // The same routes in a GPU's memory (DeviceBackend); null: they are not there, or the host has changed them.
    const std::uint16_t* deviceIds = nullptr;
    const float* deviceWeights = nullptr;
    float deviceScale = 1.0F; // of those weights, where the experts run
    bool mayDefer = false;    // given: nobody looks at ids, weights and logits before DeviceBackend::fetch()
    bool isDeferred = false;  // they have not come yet

    void resize(std::int64_t tokenCount, std::int32_t expertCount, std::int32_t k) {
        tokens = tokenCount;
        experts = expertCount;
        topK = k;
        deviceIds = nullptr;
        isDeferred = false;
        ids.resize(std::size_t(tokens) * std::size_t(k));
        weights.resize(ids.size());
        logits.resize(std::size_t(tokens) * std::size_t(experts));
    }
};

} // namespace moescope
