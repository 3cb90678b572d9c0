#include "engine/training/strategies/correction_bias_strategy.h"

#include "engine/routing/correction_bias.h"

namespace moescope {

CorrectionBiasStrategy::CorrectionBiasStrategy(const MoeConfig& gate, std::int32_t layers, double rate)
    : TopKStrategy(gate, {}), m_bias(std::size_t(layers), std::vector<float>(std::size_t(gate.experts))), m_rate(rate) {
}

MoeLayerInfo CorrectionBiasStrategy::gate(std::int32_t layer) const {
    MoeLayerInfo info = TopKStrategy::gate(layer);
    info.selectionBias = m_bias[std::size_t(layer)];
    return info;
}

void CorrectionBiasStrategy::endStep(const std::vector<std::vector<std::int64_t>>& load) {
    for (std::size_t l = 0; l < m_bias.size(); ++l)
        updateCorrectionBias(load[l], m_rate, m_bias[l]);
}

} // namespace moescope
