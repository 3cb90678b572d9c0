#include "engine/routing/scores.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "engine/routing/group_limited.h"
#include "engine/routing/masked.h"
#include "engine/routing/softmax.h"

namespace moescope {

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
    maskLosingGroups(layer.moe, scores);
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
