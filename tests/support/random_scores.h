#pragma once

#include <random>
#include <vector>

namespace moescope::test {

// Normal values, [tokens, experts]; expert 1 is ahead by `lead`.
inline std::vector<float> randomScores(int tokens, int experts, unsigned seed, float lead = 1.0F) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> scores(std::size_t(tokens) * std::size_t(experts));
    for (std::size_t i = 0; i < scores.size(); ++i) {
        scores[i] = normal(random) + (i % std::size_t(experts) == 1 ? lead : 0.0F);
    }
    return scores;
}

} // namespace moescope::test
