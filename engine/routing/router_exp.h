#pragma once

#include <cstdint>

#include "engine/routing/host_device.h"

namespace moescope {

// e^x in f32 for router maths: the same bits on every machine and compiler flag set (a libm's differ by version) and on
// a GPU, and a loop over it vectorises. Within 2 ulp for -87.3 <= x <= 88.7; 0 below, so e^-inf = 0; x above is
// clamped. Cody-Waite reduction and the minimax polynomial of Cephes' expf.
MOESCOPE_HOST_DEVICE inline float routerExp(float x) {
    constexpr float kMagic = 12582912.0F; // 1.5 * 2^23: adding it rounds to an integer
    const float clamped = x < -87.3F ? -87.3F : (x > 88.7F ? 88.7F : x);
    const float shifted = clamped * 1.44269504F + kMagic;
    const float n = shifted - kMagic;
    const float r = (clamped - n * 0.693359375F) - n * -2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1.0F;
    // 2^n in two steps: 2^128 is no float, though e^88.7 is.
    const auto exponent = __builtin_bit_cast(std::int32_t, shifted) - __builtin_bit_cast(std::int32_t, kMagic);
    const std::int32_t half = exponent >> 1;
    const float low = __builtin_bit_cast(float, (half + 127) << 23);
    const float high = __builtin_bit_cast(float, (exponent - half + 127) << 23);
    return x < -87.3F ? 0.0F : p * low * high;
}

} // namespace moescope
