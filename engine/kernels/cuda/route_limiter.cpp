#include "engine/kernels/cuda/route_limiter.h"

#include <algorithm>

#include "engine/kernels/cuda/make_gate.h"

namespace moescope::cuda {

namespace {

QueueOrder orderOf(OverflowPolicy policy) {
    return policy == OverflowPolicy::Priority ? QueueOrder::Tokens
           : policy == OverflowPolicy::Prob   ? QueueOrder::Choices
                                              : QueueOrder::Slots;
}

} // namespace

void RouteLimiter::limit(const MoeLayerInfo& gate, const CapacityOptions& options, const EditableRoutes& routes,
                         Stream stream) {
    if (routes.tokens == 0)
        return;
    const std::int64_t group = std::min<std::int64_t>(options.groupTokens, routes.tokens);
    const auto capacity = [&](std::int64_t tokens) {
        return capacityOf(options, tokens, gate.moe.topK, gate.moe.experts);
    };
    LimitCall call;
    call.gate = makeGate(gate, nullptr); // what is compared is without the bias
    call.order = orderOf(options.policy);
    call.tokens = routes.tokens;
    call.groupTokens = group;
    call.capacity = capacity(group);
    call.lastCapacity = capacity((routes.tokens - 1) % group + 1);
    call.logits = routes.logits;
    call.ids = routes.ids;
    call.weights = routes.weights;
    const auto tokens = std::size_t(routes.tokens);
    const std::size_t choices = tokens * std::size_t(gate.moe.topK);
    m_scratch.grow(m_device, (3 * choices + tokens) * sizeof(float) + choices * sizeof(std::uint16_t));
    call.probs = m_scratch.get<float>();
    call.values = call.probs + choices;
    call.sorted = reinterpret_cast<std::int32_t*>(call.values + tokens);
    call.sorting = call.sorted + choices;
    call.served = reinterpret_cast<std::uint16_t*>(call.sorting + choices);
    m_kernels.limit(call, stream);
}

} // namespace moescope::cuda
