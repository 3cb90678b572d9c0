#pragma once

#include "engine/kernels/cuda/token_router.h"

namespace moescope::cuda {

// Routes tokens: logits [tokens, experts] to ids and weights [tokens, topK], bit for bit as routeTopK. A token with a
// logit that is NaN or +inf gets empty slots of weight 0, and *firstBad the smallest index of such a logit; it must
// begin as all ones.
struct RouteCall {
    Gate gate;
    std::int64_t tokens = 0;
    const float* logits = nullptr;
    std::uint16_t* ids = nullptr;
    float* weights = nullptr;
    std::uint64_t* firstBad = nullptr;
};

// One warp a token.
template <int PerLane>
struct RouteTokens {
    using Call = RouteCall;
    static constexpr int kWarps = 4;

    static std::int64_t scratch(const Gate& gate) {
        return gate.groupScore == GroupScore::None ? 0 : std::int64_t(gate.experts) + gate.groups;
    }
    static LaunchShape shape(const Call& call) {
        return {divideUp(call.tokens, kWarps), kWarps * kWarp,
                kWarps * scratch(call.gate) * std::int64_t(sizeof(float))};
    }

    template <class Block>
    static MOESCOPE_DEVICE void run(Block& block, const Call& call) {
        const std::int64_t token = block.index() * kWarps + block.warp();
        if (token >= call.tokens)
            return;
        const Gate& gate = call.gate;
        float* scratch = block.template shared<float>() + std::int64_t(block.warp()) * (gate.experts + gate.groups);
        TokenRouter<PerLane, Block> router(block, gate, scratch);
        const std::int32_t bad = router.load(call.logits + token * gate.experts);
        if (bad < 0)
            router.route();
        else if (block.lane() == 0)
            block.atomicMin(call.firstBad, std::uint64_t(token) * std::uint64_t(gate.experts) + std::uint64_t(bad));
        router.store(call.ids + token * gate.topK, call.weights + token * gate.topK);
    }
};

// Launcher has run<Kernel>(call). The fewer experts a lane holds, the fewer registers it takes.
template <class Launcher>
void launchRoute(Launcher& launcher, const RouteCall& call) {
    if (call.tokens == 0)
        return;
    if (call.gate.experts <= 32)
        launcher.template run<RouteTokens<1>>(call);
    else if (call.gate.experts <= 64)
        launcher.template run<RouteTokens<2>>(call);
    else if (call.gate.experts <= 128)
        launcher.template run<RouteTokens<4>>(call);
    else if (call.gate.experts <= 256)
        launcher.template run<RouteTokens<8>>(call);
    else
        launcher.template run<RouteTokens<16>>(call);
}

} // namespace moescope::cuda
