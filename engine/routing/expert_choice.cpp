#include "engine/routing/expert_choice.h"

#include <algorithm>

#include "engine/routing/masked.h"

namespace moescope {

namespace {

// Puts the expert at its place among the token's slots; experts come in ascending order, so equal weights keep it.
void insert(std::span<std::uint16_t> ids, std::span<float> weights, std::uint16_t expert, float weight) {
    std::size_t slot = ids.size();
    while (slot > 0 && (ids[slot - 1] == kNoExpert || weights[slot - 1] < weight)) {
        --slot;
    }
    if (slot == ids.size()) {
        return;
    }
    std::move_backward(ids.begin() + std::ptrdiff_t(slot), ids.end() - 1, ids.end());
    std::move_backward(weights.begin() + std::ptrdiff_t(slot), weights.end() - 1, weights.end());
    ids[slot] = expert;
    weights[slot] = weight;
}

} // namespace

std::int64_t expertChoiceCapacity(std::int64_t tokens, std::int32_t topK, std::int32_t experts) {
    const std::int64_t nearest = (2 * tokens * topK + experts) / (2 * std::int64_t(experts));
    return std::min(tokens, std::max<std::int64_t>(nearest, 1));
}

ExpertChoice chooseTokens(std::span<const float> scores, std::int32_t experts, std::int64_t capacity) {
    const auto width = std::size_t(experts);
    const std::size_t tokens = scores.size() / width;
    const auto take = std::size_t(capacity);
    ExpertChoice choice{experts, capacity, std::vector<std::int32_t>(width * take, -1),
                        std::vector<float>(width * take)};
    std::vector<std::int32_t> order;
    for (std::size_t e = 0; e < width; ++e) {
        const auto score = [&](std::int32_t t) { return scores[std::size_t(t) * width + e]; };
        order.clear();
        for (std::size_t t = 0; t < tokens; ++t) {
            if (score(std::int32_t(t)) > kMasked) { // false for NaN
                order.push_back(std::int32_t(t));
            }
        }
        const auto stronger = [&](std::int32_t a, std::int32_t b) {
            return score(a) > score(b) || (score(a) == score(b) && a < b);
        };
        const std::size_t taken = std::min(take, order.size());
        std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(taken), order.end(), stronger);
        for (std::size_t i = 0; i < taken; ++i) {
            choice.tokens[e * take + i] = order[i];
            choice.weights[e * take + i] = score(order[i]);
        }
    }
    return choice;
}

std::int32_t widestToken(const ExpertChoice& choice, std::int64_t tokens) {
    std::vector<std::int32_t> experts(static_cast<std::size_t>(tokens));
    std::int32_t widest = 0;
    for (std::int32_t t : choice.tokens) {
        if (t >= 0) {
            widest = std::max(widest, ++experts[std::size_t(t)]);
        }
    }
    return widest;
}

void byToken(const ExpertChoice& choice, std::int32_t slots, std::span<std::uint16_t> ids, std::span<float> weights) {
    std::ranges::fill(ids, kNoExpert);
    std::ranges::fill(weights, 0.0F);
    const auto width = std::size_t(slots);
    for (std::size_t i = 0; i < choice.tokens.size(); ++i) {
        if (choice.tokens[i] >= 0) {
            const std::size_t at = std::size_t(choice.tokens[i]) * width;
            insert(ids.subspan(at, width), weights.subspan(at, width), std::uint16_t(i / std::size_t(choice.capacity)),
                   choice.weights[i]);
        }
    }
}

} // namespace moescope
