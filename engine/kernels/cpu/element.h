#pragma once

#include <cstdint>

#include "engine/kernels/bf16.h"

// What loops over f32 and bf16 share. For files that are compiled once for each instruction set: everything here has
// internal linkage, so that no copy for a newer processor serves an older one.
namespace moescope {
namespace {

inline __attribute__((always_inline)) float load(const float* x) {
    return *x;
}
inline __attribute__((always_inline)) float load(const Bf16* x) {
    return __builtin_bit_cast(float, std::uint32_t(x->bits) << 16);
}
inline __attribute__((always_inline)) void store(float* x, float v) {
    *x = v;
}
// Rounds to nearest even. A NaN whose upper mantissa is zero becomes an infinity; no computed NaN is one.
inline __attribute__((always_inline)) void store(Bf16* x, float v) {
    const std::uint32_t wide = __builtin_bit_cast(std::uint32_t, v);
    x->bits = std::uint16_t((wide + 0x7FFFU + ((wide >> 16) & 1U)) >> 16);
}

// exp within 2e-7 of relative error; 1.6e-38, which no sum here notices, below -87. Cephes' polynomial, no branches.
inline __attribute__((always_inline)) float expOf(float x) {
    x = x < -87.0F ? -87.0F : x;
    x = x > 88.0F ? 88.0F : x;
    const float shifted = x * 1.44269504F + 12582912.0F; // adding 1.5 x 2^23 rounds to an integer
    const float n = shifted - 12582912.0F;
    const float r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    const float e = (p * r * r + r) + 1.0F;
    const std::int32_t power = __builtin_bit_cast(std::int32_t, shifted) - 0x4B400000 + 127;
    return e * __builtin_bit_cast(float, power << 23);
}

} // namespace
} // namespace moescope
