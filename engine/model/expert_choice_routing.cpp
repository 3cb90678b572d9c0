#include "engine/model/expert_choice_routing.h"

#include <algorithm>

#include "engine/routing/expert_choice.h"
#include "engine/routing/routing_block.h"
#include "engine/routing/softmax.h"
#include "engine/routing/topk.h"

namespace moescope {

namespace {

// Rows that are recorded, and those that are not.
struct Rows {
    std::vector<std::size_t> recorded, others;
};

Rows rowsOf(const BatchRouting& routing) {
    Rows rows;
    auto next = routing.unrecorded.begin();
    for (std::int64_t row = 0; row < routing.tokens; ++row) {
        const bool other = next != routing.unrecorded.end() && *next == row;
        (other ? rows.others : rows.recorded).push_back(std::size_t(row));
        next += other ? 1 : 0;
    }
    return rows;
}

void routeAlone(std::size_t row, std::int32_t perToken, BatchRouting& routing) {
    MoeLayerInfo gate{LayerId(0), {routing.experts, perToken}, {}};
    gate.moe.renormalize = false;
    const std::size_t first = row * std::size_t(routing.topK);
    std::fill_n(routing.ids.begin() + std::ptrdiff_t(first), routing.topK, kNoExpert);
    std::fill_n(routing.weights.begin() + std::ptrdiff_t(first), routing.topK, 0.0F);
    routeTopK(gate, std::span(routing.logits).subspan(row * std::size_t(routing.experts), std::size_t(routing.experts)),
              std::span(routing.ids).subspan(first, std::size_t(perToken)),
              std::span(routing.weights).subspan(first, std::size_t(perToken)));
}

} // namespace

void routeByExpertChoice(std::int32_t perToken, BatchRouting& routing) {
    const auto experts = std::size_t(routing.experts);
    const auto slots = std::size_t(routing.topK);
    const Rows rows = rowsOf(routing);
    std::vector<float> scores(rows.recorded.size() * experts);
    for (std::size_t i = 0; i < rows.recorded.size(); ++i)
        softmax(std::span(routing.logits).subspan(rows.recorded[i] * experts, experts),
                std::span(scores).subspan(i * experts, experts));
    std::vector<std::uint16_t> ids(rows.recorded.size() * slots);
    std::vector<float> weights(ids.size());
    const std::int64_t capacity =
        rows.recorded.empty() ? 0 : expertChoiceCapacity(std::int64_t(rows.recorded.size()), perToken, routing.experts);
    byToken(chooseTokens(scores, routing.experts, capacity), routing.topK, ids, weights);
    for (std::size_t i = 0; i < rows.recorded.size(); ++i) {
        std::copy_n(ids.begin() + std::ptrdiff_t(i * slots), slots,
                    routing.ids.begin() + std::ptrdiff_t(rows.recorded[i] * slots));
        std::copy_n(weights.begin() + std::ptrdiff_t(i * slots), slots,
                    routing.weights.begin() + std::ptrdiff_t(rows.recorded[i] * slots));
    }
    for (const std::size_t row : rows.others)
        routeAlone(row, perToken, routing);
}

} // namespace moescope
