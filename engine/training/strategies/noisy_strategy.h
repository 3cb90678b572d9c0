#pragma once

#include "engine/training/strategies/strategy.h"

namespace moescope {

// Noisy top-k gating (Shazeer et al., arXiv 1701.06538) with the importance loss, the load loss or both. Each layer's
// losses are added as they are, as the paper does with its one layer.
class NoisyStrategy : public BalancingStrategy {
public:
    struct Weights {
        double importance = 0;
        double load = 0;
    };
    NoisyStrategy(const MoeConfig& gate, Weights weights, std::uint64_t seed)
        : m_gate(gate), m_weights(weights), m_seed(seed) {}

    MoeLayerInfo gate(std::int32_t layer) const override { return {LayerId(layer), m_gate, {}}; }
    bool noisy() const override { return true; }
    std::vector<std::string> lossNames() const override { return {"importance", "load"}; }
    RouterOutput route(const RouterInput& input) const override;
    void addGradient(const RouterInput& input, const RouterOutput& output, std::span<const float> dWeights,
                     std::span<float> dLogits, std::span<float> dRawNoise) const override;

private:
    void addLosses(const RouterInput& input, std::span<const float> deviation, RouterOutput& output) const;
    // Takes a gradient by the noisy logits on to the clean ones and the raw noise.
    void passOn(const RouterInput& input, std::span<const float> noisy, std::span<const float> dNoisy,
                std::span<float> dLogits, std::span<float> dRawNoise) const;

    MoeConfig m_gate;
    Weights m_weights;
    std::uint64_t m_seed;
};

} // namespace moescope
