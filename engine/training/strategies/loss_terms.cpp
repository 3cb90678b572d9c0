#include "engine/training/strategies/loss_terms.h"

namespace moescope {

std::vector<std::string> namesOf(const std::vector<LossTerm>& terms) {
    std::vector<std::string> names;
    for (const LossTerm& term : terms)
        names.push_back(term.name);
    return names;
}

RoutingBlock blockOf(const RouterInput& input, const RouterOutput& output) {
    RoutingBlock block;
    block.layer = LayerId(input.layer);
    block.tokens = input.tokens;
    block.topK = output.slots;
    block.experts = input.experts;
    block.ids = output.ids;
    block.weights = output.weights;
    block.logits = input.logits;
    return block;
}

void addLosses(const std::vector<LossTerm>& terms, const RouterInput& input, RouterOutput& output) {
    output.dLogits.resize(input.logits.size());
    const RoutingBlock block = blockOf(input, output);
    for (const LossTerm& term : terms)
        output.losses.push_back(term.loss(block, term.coefficient, output.dLogits));
}

} // namespace moescope
