#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "engine/routing/masked.h"
#include "engine/routing/routing_block.h"

namespace moescope {

// Keeps the ids.size() largest values of `choice`, descending, equal values by ascending id; those of -inf leave
// kNoExpert. best receives their values and has the length of ids.
inline void takeLargest(std::span<const float> choice, std::span<std::uint16_t> ids, std::span<float> best) {
    std::fill(ids.begin(), ids.end(), kNoExpert);
    std::fill(best.begin(), best.end(), kMasked);
    const std::size_t k = ids.size();
    for (std::size_t e = 0; e < choice.size(); ++e) {
        const float value = choice[e];
        if (!(value > best[k - 1])) {
            continue;
        }
        std::size_t slot = k - 1;
        for (; slot > 0 && value > best[slot - 1]; --slot) {
            best[slot] = best[slot - 1];
            ids[slot] = ids[slot - 1];
        }
        best[slot] = value;
        ids[slot] = std::uint16_t(e);
    }
}

} // namespace moescope
