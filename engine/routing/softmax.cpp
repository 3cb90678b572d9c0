#include "engine/routing/softmax.h"

#include <algorithm>
#include <array>

namespace moescope {

namespace {

// Eight partial sums in a fixed order: vectorises, and rounds the same everywhere.
float sumOf(std::span<const float> values) {
    std::array<float, 8> lanes{};
    std::size_t i = 0;
    for (; i + 8 <= values.size(); i += 8) {
        for (std::size_t j = 0; j < 8; ++j) {
            lanes[j] += values[i + j];
        }
    }
    for (std::size_t j = 0; i < values.size(); ++i, ++j) {
        lanes[j] += values[i];
    }
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

} // namespace

void softmax(std::span<const float> logits, std::span<float> probs) {
    const float top = *std::max_element(logits.begin(), logits.end());
    for (std::size_t e = 0; e < logits.size(); ++e) {
        probs[e] = routerExp(logits[e] - top);
    }
    const float sum = sumOf(probs);
    for (float& p : probs) {
        p /= sum;
    }
}

void sigmoid(std::span<const float> logits, std::span<float> scores) {
    for (std::size_t e = 0; e < logits.size(); ++e) {
        scores[e] = 1.0F / (1.0F + routerExp(-logits[e]));
    }
}

} // namespace moescope
