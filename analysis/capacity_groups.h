#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/routing/capacity.h"
#include "engine/routing/moe_config.h"

namespace moescope {

// Cuts one layer's blocks into capacity groups: consecutive tokens of the run, group g from g x groupTokens on.
// Blocks come in token order without gaps, from a group's first token; each group is handed on once complete, the
// last one by finish(). Memory: one group.
class CapacityGroups {
public:
    // group: valid during the call; first: the run's index of its first token.
    using Visit = std::function<void(const CapacityGroup& group, TokenIndex first)>;

    // The policy decides what is computed from the logits: nothing for Drop, each choice's prob for Priority and
    // Prob, the scores experts are chosen by for Next. Throws Error(Unsupported) at a block without the logits needed.
    CapacityGroups(const MoeLayerInfo& layer, OverflowPolicy policy, std::int32_t groupTokens, Visit visit);

    void add(const RoutingBlock& block);
    void finish();

private:
    void addScores(const RoutingBlock& block, std::int32_t token);
    void close();

    MoeLayerInfo m_layer;
    OverflowPolicy m_policy;
    std::int32_t m_groupTokens;
    Visit m_visit;
    TokenIndex m_first = 0;
    std::int32_t m_tokens = 0; // gathered of the current group
    std::vector<std::uint16_t> m_ids;
    std::vector<float> m_probs, m_choiceScores, m_row;
};

} // namespace moescope
