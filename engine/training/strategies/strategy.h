#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/routing/moe_config.h"
#include "engine/routing/routing_block.h"

namespace moescope {

// One MoE layer's router in one training step.
struct RouterInput {
    std::int32_t layer = 0;
    std::int64_t step = 0;
    std::int32_t tokens = 0;
    std::int32_t experts = 0;
    std::int32_t context = 0;        // tokens of a sequence
    std::span<const float> logits;   // [tokens, experts], clean
    std::span<const float> rawNoise; // [tokens, experts] x W_noise; empty unless the strategy is noisy
};

// What a strategy makes of it.
struct RouterOutput {
    std::int32_t slots = 0;
    std::vector<std::uint16_t> ids;    // [tokens, slots] as chosen; kNoExpert where unused
    std::vector<std::uint16_t> served; // [tokens, slots] those that run: without what capacity drops
    std::vector<float> weights;        // [tokens, slots]; 0 where nothing runs
    std::vector<float> gateLogits;     // [tokens, experts] what the gate weighed; empty: the clean logits
    std::vector<double> losses;        // as lossNames() of the strategy, without their coefficients
    // The gradient of the losses times their coefficients, [tokens, experts]; the noise's is empty unless noisy.
    std::vector<float> dLogits, dRawNoise;
};

// A balancing strategy as trained: how tokens are routed, which losses are added, what is learnt besides gradients.
// One object serves all layers of one model. Routing the same input twice gives the same output.
class BalancingStrategy {
public:
    virtual ~BalancingStrategy() = default;

    // What the trained model routes with when it is used. selectionBias is that of the layer now.
    virtual MoeLayerInfo gate(std::int32_t layer) const = 0;
    // Whether the trained model, too, routes by expert choice.
    virtual bool expertChoice() const { return false; }
    // Whether routers need noise weights.
    virtual bool noisy() const { return false; }

    virtual std::vector<std::string> lossNames() const = 0;
    virtual RouterOutput route(const RouterInput& input) const = 0;
    // Adds the gradient of the combine weights, and that of the losses, to dLogits and dRawNoise [tokens, experts].
    // dWeights: [tokens, slots], 0 where nothing runs.
    virtual void addGradient(const RouterInput& input, const RouterOutput& output, std::span<const float> dWeights,
                             std::span<float> dLogits, std::span<float> dRawNoise) const;

    // After the optimiser's step: the load it saw, [layers][experts].
    virtual void endStep(const std::vector<std::vector<std::int64_t>>& load);

    // What must be kept to go on, beside parameters: [layers][...]; empty where there is nothing.
    virtual std::vector<std::vector<float>>* state() { return nullptr; }
};

} // namespace moescope
