#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "engine/kernels/bf16.h"
#include "engine/kernels/inference/packed_matrix.h"

namespace moescope {

// Values of order one that the element type holds exactly, so that an oracle starts from the same numbers.
template <class T>
std::vector<T> randomValues(std::size_t count, unsigned seed, float spread = 1.0F) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> uniform(-spread, spread);
    std::vector<T> values(count);
    for (T& value : values) {
        if constexpr (sizeof(T) == 2)
            value = toBf16(uniform(random));
        else
            value = uniform(random);
    }
    return values;
}

template <class T>
constexpr double kRounding = sizeof(T) == 2 ? 1.0 / 256 : 2e-6; // of one stored result, relative

// bf16 products need a processor with AVX-512 at least.
template <class T>
bool canMultiply() {
    return sizeof(T) == 4 || canMultiplyBf16();
}

} // namespace moescope
