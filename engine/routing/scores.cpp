#include "engine/routing/scores.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "engine/routing/softmax.h"

namespace moescope {

namespace {

constexpr float kMasked = -std::numeric_limits<float>::infinity();

float groupScore(std::span<const float> group, GroupScore kind) {
    float first = kMasked;
    float second = kMasked;
    for (float v : group) {
        second = std::max(second, std::min(first, v));
        first = std::max(first, v);
    }
    return kind == GroupScore::Max || second == kMasked ? first : first + second;
}

void maskLosingGroups(const MoeConfig& moe, std::span<float> scores) {
    const std::size_t size = scores.size() / std::size_t(moe.groups);
    std::vector<std::pair<float, std::size_t>> order;
    for (std::size_t g = 0; g < std::size_t(moe.groups); ++g) {
        order.emplace_back(-groupScore(scores.subspan(g * size, size), moe.groupScore), g);
    }
    std::sort(order.begin(), order.end()); // ties: the lower group
    for (std::size_t i = std::size_t(moe.topkGroups); i < order.size(); ++i) {
        std::ranges::fill(scores.subspan(order[i].second * size, size), kMasked);
    }
}

} // namespace

void probabilities(const MoeConfig& moe, std::span<const float> logits, std::span<float> probs) {
    if (moe.score == ScoreFunction::Sigmoid) {
        sigmoid(logits, probs);
    } else if (std::ranges::all_of(logits, [](float l) { return l == kMasked; })) {
        std::ranges::fill(probs, 0.0F);
    } else {
        softmax(logits, probs);
    }
}

void selectionScores(const MoeLayerInfo& layer, std::span<const float> probs, std::span<float> scores) {
    if (probs.data() != scores.data()) {
        std::ranges::copy(probs, scores.begin());
    }
    for (std::size_t e = 0; e < layer.selectionBias.size(); ++e) {
        scores[e] += layer.selectionBias[e];
    }
    if (layer.moe.groupScore != GroupScore::None && layer.moe.topkGroups < layer.moe.groups) {
        maskLosingGroups(layer.moe, scores);
    }
}

float routerMargin(std::span<float> scores, std::int32_t topK) {
    const auto k = std::size_t(topK);
    if (k < 1 || k >= scores.size()) {
        return std::numeric_limits<float>::quiet_NaN();
    }
    std::nth_element(scores.begin(), scores.begin() + std::ptrdiff_t(k), scores.end(), std::greater<>());
    const float next = scores[k];
    const float last = *std::min_element(scores.begin(), scores.begin() + std::ptrdiff_t(k));
    return next == kMasked ? std::numeric_limits<float>::quiet_NaN() : last - next;
}

double logSumExp(std::span<const float> logits) {
    const float top = *std::max_element(logits.begin(), logits.end());
    if (top == kMasked) {
        return double(kMasked);
    }
    double sum = 0;
    for (float l : logits) {
        sum += double(routerExp(l - top));
    }
    return double(top) + std::log(sum);
}

} // namespace moescope
