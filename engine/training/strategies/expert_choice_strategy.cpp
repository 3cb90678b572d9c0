#include "engine/training/strategies/expert_choice_strategy.h"

#include <algorithm>

#include "engine/routing/expert_choice.h"
#include "engine/routing/softmax.h"

namespace moescope {

RouterOutput ExpertChoiceStrategy::route(const RouterInput& input) const {
    const auto experts = std::size_t(input.experts);
    std::vector<float> scores(input.logits.size());
    for (std::size_t row = 0; row < scores.size(); row += experts)
        softmax(input.logits.subspan(row, experts), std::span(scores).subspan(row, experts));
    const ExpertChoice choice =
        chooseTokens(scores, input.experts, expertChoiceCapacity(input.tokens, m_gate.topK, input.experts));
    RouterOutput output;
    output.slots = std::max(1, widestToken(choice, input.tokens));
    output.ids.resize(std::size_t(input.tokens) * std::size_t(output.slots));
    output.weights.resize(output.ids.size());
    byToken(choice, output.slots, output.ids, output.weights);
    output.served = output.ids;
    return output;
}

} // namespace moescope
