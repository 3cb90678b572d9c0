#include "engine/training/strategies/strategy.h"

#include <algorithm>

#include "engine/routing/gate_gradient.h"

namespace moescope {

void BalancingStrategy::addGradient(const RouterInput& input, const RouterOutput& output,
                                    std::span<const float> dWeights, std::span<float> dLogits, std::span<float>) const {
    const MoeConfig moe = gate(input.layer).moe;
    const auto experts = std::size_t(input.experts);
    const auto slots = std::size_t(output.slots);
    const std::span<const std::uint16_t> ids = output.ids;
    std::vector<float> scratch(experts);
    for (std::size_t t = 0; t < std::size_t(input.tokens); ++t)
        addGateGradient(moe, input.logits.subspan(t * experts, experts), ids.subspan(t * slots, slots),
                        dWeights.subspan(t * slots, slots), dLogits.subspan(t * experts, experts), scratch);
    for (std::size_t i = 0; i < output.dLogits.size(); ++i)
        dLogits[i] += output.dLogits[i];
}

void BalancingStrategy::endStep(const std::vector<std::vector<std::int64_t>>&) {}

} // namespace moescope
