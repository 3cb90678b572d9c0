#pragma once

#include <math.h> // NOLINT(modernize-deprecated-headers): device code has its functions without std

#include "engine/kernels/cuda/element.h"
#include "engine/routing/expert_activation.h"

namespace moescope::cuda {

// What an expert does between its matrices, for the sorted rows of all experts.
struct ActivateCall {
    Element element = Element::F32;
    ExpertActivation activation = ExpertActivation::SwiGlu;
    bool gated = true;
    float limit = 0; // of ClampedSwiGlu
    std::int32_t experts = 0;
    std::int64_t inner = 0;
    std::int64_t mostRows = 0;           // rows that there may be
    const std::int32_t* begin = nullptr; // [experts + 1]
    const float* gateBias = nullptr;     // [experts, inner]; null: none
    const float* upBias = nullptr;       // [experts, inner]; null: none
    const void* front = nullptr;         // [rows, 2 inner] gate beside up; [rows, inner] where not gated
    void* out = nullptr;                 // [rows, inner]
};

MOESCOPE_DEVICE float activate(ExpertActivation activation, float limit, float gate, float up) {
    switch (activation) {
    case ExpertActivation::SwiGlu:
        return gate / (1.0F + expf(-gate)) * up;
    case ExpertActivation::ClampedSwiGlu: {
        const float g = gate > limit ? limit : gate;
        const float u = up > limit ? limit : up < -limit ? -limit : up;
        return (u + 1.0F) * g / (1.0F + expf(-1.702F * g));
    }
    case ExpertActivation::Relu:
        return up < 0.0F ? 0.0F : up;
    case ExpertActivation::Gelu:
        return 0.5F * up * (1.0F + erff(up * 0.70710678F));
    case ExpertActivation::GeluTanh:
        return 0.5F * up * (1.0F + tanhf(0.79788456F * (up + 0.044715F * up * up * up)));
    case ExpertActivation::Silu:
        return up / (1.0F + expf(-up));
    }
    return 0.0F;
}

// The expert whose rows begin[e] .. begin[e + 1] hold the row.
MOESCOPE_DEVICE std::int32_t expertOfRow(const std::int32_t* begin, std::int32_t experts, std::int64_t row) {
    std::int32_t low = 0;
    std::int32_t high = experts; // begin[low] <= row < begin[high]
    while (high - low > 1) {
        const std::int32_t middle = (low + high) / 2;
        if (begin[middle] <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

// One block a row.
template <class T>
struct ActivateRows {
    using Call = ActivateCall;
    static constexpr int kThreads = 128;
    static LaunchShape shape(const Call& call) { return {call.mostRows, kThreads, 0}; }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t row = block.index();
        if (row >= call.begin[call.experts])
            return;
        const std::int64_t width = call.inner;
        const T* gate = static_cast<const T*>(call.front) + row * (call.gated ? 2 : 1) * width;
        const T* up = call.gated ? gate + width : gate;
        T* out = static_cast<T*>(call.out) + row * width;
        const bool biased = call.gateBias != nullptr || call.upBias != nullptr;
        const std::int64_t bias = biased ? expertOfRow(call.begin, call.experts, row) * width : 0;
        for (std::int64_t i = block.thread(); i < width; i += block.threads()) {
            const float g = toFloat(gate[i]) + (call.gateBias != nullptr ? call.gateBias[bias + i] : 0.0F);
            const float u = toFloat(up[i]) + (call.upBias != nullptr ? call.upBias[bias + i] : 0.0F);
            store(activate(call.activation, call.limit, g, u), out[i]);
        }
    }
};

template <class Launcher>
void launchActivate(Launcher& launcher, const ActivateCall& call) {
    if (call.element == Element::F32)
        launcher.template run<ActivateRows<float>>(call);
    else if (call.element == Element::F16)
        launcher.template run<ActivateRows<HalfBits>>(call);
    else
        launcher.template run<ActivateRows<Bf16Bits>>(call);
}

} // namespace moescope::cuda
