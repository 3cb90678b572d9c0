#pragma once

#include "engine/kernels/cuda/device_code.h"
#include "engine/kernels/cuda/gate.h"
#include "engine/routing/no_expert.h"

namespace moescope::cuda {

// A set of experts that travels with a call.
struct ExpertSet {
    std::uint32_t words[kMostExperts / 32] = {};

    void add(std::int32_t expert) { words[expert / 32] |= 1U << (expert % 32); }
    MOESCOPE_HOST_DEVICE bool contains(std::uint16_t expert) const {
        return (words[expert / 32] >> (expert % 32) & 1U) != 0;
    }
};

// Takes experts out of routes, in place, as constrainRoutes (engine/routing/intervention.h) does: their slots are
// emptied, the others close up in their order and keep their weights.
struct AblateCall {
    ExpertSet out;
    std::int32_t topK = 0;
    std::int64_t tokens = 0;
    std::uint16_t* ids = nullptr; // [tokens, topK]
    float* weights = nullptr;     // [tokens, topK]
};

// One thread a token.
struct AblateRows {
    using Call = AblateCall;
    static constexpr int kThreads = 128;
    static LaunchShape shape(const Call& call) { return {divideUp(call.tokens, kThreads), kThreads, 0}; }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t token = block.index() * kThreads + block.thread();
        if (token >= call.tokens)
            return;
        std::uint16_t* ids = call.ids + token * call.topK;
        float* weights = call.weights + token * call.topK;
        int filled = 0;
        for (int slot = 0; slot < call.topK; ++slot) {
            const std::uint16_t id = ids[slot];
            if (id == kNoExpert || call.out.contains(id))
                continue;
            ids[filled] = id;
            weights[filled++] = weights[slot];
        }
        for (; filled < call.topK; ++filled) {
            ids[filled] = kNoExpert;
            weights[filled] = 0.0F;
        }
    }
};

} // namespace moescope::cuda
