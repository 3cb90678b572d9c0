#pragma once

#include "engine/kernels/cuda/element.h"
#include "engine/routing/no_expert.h"

namespace moescope::cuda {

// x[t] += sum over the token's slots, in their order, of weight * scale * (rows[rowOf[t, slot]] + bias of its expert).
struct CombineCall {
    Element element = Element::F32;
    std::int32_t topK = 0;
    std::int64_t tokens = 0;
    std::int64_t width = 0;
    const std::uint16_t* ids = nullptr;  // [tokens, topK]
    const float* weights = nullptr;      // [tokens, topK]
    const std::int32_t* rowOf = nullptr; // [tokens, topK]; -1: an empty slot
    const float* bias = nullptr;         // [experts, width]; null: none
    const void* rows = nullptr;          // [rows, width] the experts' results
    float* x = nullptr;                  // [tokens, width]
    float scale = 1.0F;
};

// One block a token, one thread a column: the sum's order is fixed, and no two threads write one number.
template <class T>
struct CombineRows {
    using Call = CombineCall;
    static constexpr int kThreads = 128;
    static LaunchShape shape(const Call& call) { return {call.tokens, kThreads, 0}; }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t slots = block.index() * call.topK;
        float* x_D = call.x + block.index() * call.width;
        for (std::int64_t d = block.thread(); d < call.width; d += block.threads()) {
            float sum = 0.0F;
            for (std::int64_t slot = slots; slot < slots + call.topK; ++slot) {
                const std::int64_t row = call.rowOf[slot];
                if (row < 0)
                    continue;
                float y = toFloat(static_cast<const T*>(call.rows)[row * call.width + d]);
                if (call.bias != nullptr)
                    y += call.bias[call.ids[slot] * call.width + d];
                sum += call.weights[slot] * call.scale * y;
            }
            x_D[d] += sum;
        }
    }
};

template <class Launcher>
void launchCombine(Launcher& launcher, const CombineCall& call) {
    if (call.element == Element::F32)
        launcher.template run<CombineRows<float>>(call);
    else if (call.element == Element::F16)
        launcher.template run<CombineRows<HalfBits>>(call);
    else
        launcher.template run<CombineRows<Bf16Bits>>(call);
}

} // namespace moescope::cuda
