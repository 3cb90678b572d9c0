#pragma once

#include "engine/training/strategies/strategy.h"

namespace moescope {

// Expert-choice routing (Zhou et al., arXiv 2202.09368): each expert takes the k T / E tokens of the batch that it
// scores highest, weighed with the softmax score. Balanced by construction; a token has none to all of the experts, and
// what it gets depends on later tokens, so the perplexity of such a model is not comparable with a causal one's.
class ExpertChoiceStrategy : public BalancingStrategy {
public:
    explicit ExpertChoiceStrategy(const MoeConfig& gate) : m_gate(gate) { m_gate.renormalize = false; }

    MoeLayerInfo gate(std::int32_t layer) const override { return {LayerId(layer), m_gate, {}}; }
    bool expertChoice() const override { return true; }
    std::vector<std::string> lossNames() const override { return {}; }
    RouterOutput route(const RouterInput& input) const override;

private:
    MoeConfig m_gate;
};

} // namespace moescope
