#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

#include "engine/routing/no_expert.h"

namespace moescope::test {

// Distinct experts for every token, [tokens, topK]; some slots at the end empty, and the upper third of the experts
// without any token.
inline std::vector<std::uint16_t> randomRoutes(int experts, int topK, std::int64_t tokens, unsigned seed) {
    std::mt19937 random(seed);
    const int used = std::max(topK, experts - experts / 3);
    std::vector<std::uint16_t> all(static_cast<std::size_t>(used));
    std::iota(all.begin(), all.end(), std::uint16_t(0));
    std::vector<std::uint16_t> ids;
    for (std::int64_t t = 0; t < tokens; ++t) {
        std::shuffle(all.begin(), all.end(), random);
        const int filled = random() % 8 == 0 ? int(random() % unsigned(topK + 1)) : topK;
        for (int slot = 0; slot < topK; ++slot)
            ids.push_back(slot < filled ? all[std::size_t(slot)] : kNoExpert);
    }
    return ids;
}

inline std::vector<float> randomFloats(std::size_t n, unsigned seed, float scale = 1.0F) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, scale);
    std::vector<float> values(n);
    for (float& v : values)
        v = normal(random);
    return values;
}

} // namespace moescope::test
