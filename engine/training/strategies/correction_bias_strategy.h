#pragma once

#include "engine/training/strategies/topk_strategy.h"

namespace moescope {

// Load balancing without an auxiliary loss (arXiv 2408.15664; DeepSeek-V3): experts are chosen on score + bias and
// weighed with the score; after every step each layer's bias moves by `rate` towards an even load.
class CorrectionBiasStrategy : public TopKStrategy {
public:
    CorrectionBiasStrategy(const MoeConfig& gate, std::int32_t layers, double rate);

    MoeLayerInfo gate(std::int32_t layer) const override;
    void endStep(const std::vector<std::vector<std::int64_t>>& load) override;
    std::vector<std::vector<float>>* state() override { return &m_bias; }

private:
    std::vector<std::vector<float>> m_bias; // [layers][experts]
    double m_rate;
};

} // namespace moescope
