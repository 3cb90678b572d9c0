#include "engine/training/strategies/group_assignment_strategies.h"

#include "engine/routing/base_assignment.h"
#include "engine/routing/sinkhorn.h"
#include "engine/routing/topk.h"

namespace moescope {

void SinkhornStrategy::choose(const RouterInput& input, RouterOutput& output) const {
    routeSinkhorn(gate(input.layer), input.logits, SinkhornOptions{}, output.ids, output.weights);
}

void BaseStrategy::choose(const RouterInput& input, RouterOutput& output) const {
    assignBalanced(input.logits, input.experts, output.slots, output.ids);
    weighChosen(gate(input.layer), input.logits, output.ids, output.weights);
}

} // namespace moescope
