#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/routing/routing_block.h"

namespace moescope {

// What most balancing losses share: sum_e f_e P_e over one group of tokens, where P_e is the mean score of expert e and
// f_e, a constant for the gradient, says how much of the load it has.

// sum_e f_e P_e with P = mean softmax of the block's logits. Where dLogits is not empty, the gradient times `scale` is
// added to it: d/dl_te = p_te (f_e - sum_j f_j p_tj) / T. share: [experts]; dLogits: [tokens, experts] or empty.
double shareTimesProbability(const RoutingBlock& block, std::span<const double> share, double scale,
                             std::span<float> dLogits);

// Choices by expert: of every slot, or only of slot 0 (the strongest). [experts]
std::vector<double> choiceCounts(const RoutingBlock& block);
std::vector<double> firstChoiceCounts(const RoutingBlock& block);

// Consecutive groups of `groupTokens` tokens (a shorter last one), as views. visit(group, first token of the group).
template <class Visit>
void eachGroup(const RoutingBlock& block, std::int32_t groupTokens, Visit visit) {
    for (std::int32_t begin = 0; begin < block.tokens; begin += groupTokens) {
        const std::int32_t tokens = block.tokens - begin < groupTokens ? block.tokens - begin : groupTokens;
        RoutingBlock group = block;
        group.first = block.first + begin;
        group.tokens = tokens;
        group.ids = block.ids.subspan(std::size_t(begin) * block.topK, std::size_t(tokens) * block.topK);
        group.weights = {};
        group.logits = block.logits.subspan(std::size_t(begin) * block.experts, std::size_t(tokens) * block.experts);
        visit(group, begin);
    }
}

// The rows of a gradient that belong to a group; empty where no gradient is wanted.
inline std::span<float> groupRows(std::span<float> dLogits, const RoutingBlock& group, std::int32_t begin) {
    return dLogits.empty()
               ? dLogits
               : dLogits.subspan(std::size_t(begin) * group.experts, std::size_t(group.tokens) * group.experts);
}

} // namespace moescope
