#include "engine/training/strategies/topk_strategy.h"

#include <algorithm>

#include "engine/routing/topk.h"

namespace moescope {

RouterOutput TopKStrategy::route(const RouterInput& input) const {
    RouterOutput output;
    output.slots = m_gate.topK;
    output.ids.resize(std::size_t(input.tokens) * std::size_t(output.slots));
    output.weights.resize(output.ids.size());
    choose(input, output);
    addLosses(m_terms, input, output);
    output.served = output.ids;
    dispatch(input, output);
    if (m_capacity)
        dropOverflow(input, output);
    return output;
}

void TopKStrategy::choose(const RouterInput& input, RouterOutput& output) const {
    routeTopK(gate(input.layer), input.logits, output.ids, output.weights);
}

// Each sequence has places of its own, taken in token order: what is dropped does not depend on the rest of the batch.
void TopKStrategy::dropOverflow(const RouterInput& input, RouterOutput& output) const {
    const auto slots = std::size_t(output.slots);
    const std::vector<std::uint16_t> asked = output.served;
    for (std::int32_t begin = 0; begin < input.tokens; begin += input.context) {
        const std::size_t count = std::size_t(std::min(input.context, input.tokens - begin)) * slots;
        CapacityGroup group;
        group.topK = output.slots;
        group.experts = input.experts;
        group.ids = std::span(asked).subspan(std::size_t(begin) * slots, count);
        serveGroup(group, m_capacity->policy,
                   capacityOf(*m_capacity, std::int64_t(group.tokens()), output.slots, input.experts),
                   std::span(output.served).subspan(std::size_t(begin) * slots, count));
    }
    for (std::size_t i = 0; i < output.served.size(); ++i)
        if (output.served[i] == kNoExpert)
            output.weights[i] = 0;
}

} // namespace moescope
