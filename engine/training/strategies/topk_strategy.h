#pragma once

#include <optional>

#include "engine/routing/capacity.h"
#include "engine/training/strategies/loss_terms.h"

namespace moescope {

// Top-k by the gate, with any losses: none, aux, aux+z, sequence, group-limited; with a capacity for each sequence also
// switch.
class TopKStrategy : public BalancingStrategy {
public:
    TopKStrategy(const MoeConfig& gate, std::vector<LossTerm> terms, std::optional<CapacityOptions> capacity = {})
        : m_gate(gate), m_terms(std::move(terms)), m_capacity(capacity) {}

    MoeLayerInfo gate(std::int32_t layer) const override { return {LayerId(layer), m_gate, {}}; }
    std::vector<std::string> lossNames() const override { return namesOf(m_terms); }
    RouterOutput route(const RouterInput& input) const override;

protected:
    // Fills ids and weights; the base class counts losses and drops what has no room.
    virtual void choose(const RouterInput& input, RouterOutput& output) const;
    // Takes away from `served` what is not even asked for; before capacity.
    virtual void dispatch(const RouterInput&, RouterOutput&) const {}

private:
    void dropOverflow(const RouterInput& input, RouterOutput& output) const;

    MoeConfig m_gate;
    std::vector<LossTerm> m_terms;
    std::optional<CapacityOptions> m_capacity;
};

} // namespace moescope
