#pragma once

#include "engine/kernels/cuda/device_code.h"

namespace moescope::cuda {

MOESCOPE_DEVICE int countBits(unsigned mask) {
#ifdef __CUDA_ARCH__
    return __popc(mask);
#else
    return __builtin_popcount(mask);
#endif
}

// Every lane gets combine over all lanes' values; combine must not care for order.
template <class Block, class T, class Combine>
MOESCOPE_DEVICE T warpReduce(Block& block, T value, Combine combine) {
    MOESCOPE_UNROLL
    for (int mask = kWarp / 2; mask > 0; mask /= 2)
        value = combine(value, block.shuffleXor(value, mask));
    return value;
}

// Every lane gets the sum of its own value and those of the lanes below.
template <class Block>
MOESCOPE_DEVICE std::int32_t warpInclusiveSum(Block& block, std::int32_t value) {
    MOESCOPE_UNROLL
    for (int delta = 1; delta < kWarp; delta *= 2) {
        const std::int32_t below = block.shuffleUp(value, delta);
        value += block.lane() >= delta ? below : 0;
    }
    return value;
}

// Lanes of a mask below this one.
template <class Block>
MOESCOPE_DEVICE int lanesBelow(Block& block, unsigned mask) {
    return countBits(mask & ((1U << block.lane()) - 1U));
}

template <class Block>
MOESCOPE_DEVICE bool isLowestLane(Block& block, unsigned mask) {
    return lanesBelow(block, mask) == 0;
}

// A warp's own number for each expert, in the block's shared memory (its `row` of them), begun at first(expert).
template <class Block, class First>
MOESCOPE_DEVICE std::int32_t* numbersByExpert(Block& block, int row, int experts, First first) {
    std::int32_t* numbers_E = block.template shared<std::int32_t>() + row * experts;
    for (int e = block.lane(); e < experts; e += kWarp)
        numbers_E[e] = first(e);
    block.syncWarp();
    return numbers_E;
}

// An expert and what it is chosen by; nobody: -inf, and an id above all.
struct Candidate {
    float value;
    std::int32_t expert;
};

// Larger values win, of equal ones the lower id.
MOESCOPE_HOST_DEVICE inline bool beats(Candidate a, Candidate b) {
    return a.value > b.value || (a.value == b.value && a.expert < b.expert);
}

template <class Block>
MOESCOPE_DEVICE Candidate warpBest(Block& block, Candidate best) {
    MOESCOPE_UNROLL
    for (int mask = kWarp / 2; mask > 0; mask /= 2) {
        const Candidate other{block.shuffleXor(best.value, mask), block.shuffleXor(best.expert, mask)};
        best = beats(other, best) ? other : best;
    }
    return best;
}

} // namespace moescope::cuda
