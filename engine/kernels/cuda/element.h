#pragma once

#include <cstdint>

#include "engine/kernels/cuda/device_code.h"
#ifdef __CUDACC__
#include <cuda_fp16.h>
#endif

namespace moescope::cuda {

// What weights and activations are stored in; sums are f32.
enum class Element : std::uint8_t { F32, F16, BF16 };

constexpr int bytesOf(Element element) {
    return element == Element::F32 ? 4 : 2;
}

// Numbers of two bytes as they lie in memory.
struct HalfBits {
    std::uint16_t bits;
};
struct Bf16Bits {
    std::uint16_t bits;
};

MOESCOPE_DEVICE float toFloat(float v) {
    return v;
}
MOESCOPE_DEVICE float toFloat(Bf16Bits v) {
    return __builtin_bit_cast(float, std::uint32_t(v.bits) << 16);
}
MOESCOPE_DEVICE void store(float value, float& to) {
    to = value;
}
// To nearest, ties to even; NaN stays NaN.
MOESCOPE_DEVICE void store(float value, Bf16Bits& to) {
    const auto wide = __builtin_bit_cast(std::uint32_t, value);
    const std::uint32_t rounded = (wide + 0x7FFFU + ((wide >> 16) & 1U)) >> 16;
    to.bits = std::uint16_t(value != value ? 0x7FC0U : rounded);
}

#ifdef __CUDACC__
MOESCOPE_DEVICE float toFloat(HalfBits v) {
    return __half2float(__ushort_as_half(v.bits));
}
MOESCOPE_DEVICE void store(float value, HalfBits& to) {
    to.bits = __half_as_ushort(__float2half_rn(value));
}
#else
MOESCOPE_DEVICE float toFloat(HalfBits v) {
    const std::uint32_t sign = std::uint32_t(v.bits & 0x8000U) << 16;
    const std::uint32_t rest = v.bits & 0x7FFFU;
    if (rest >= 0x7C00U) // infinity, NaN
        return __builtin_bit_cast(float, sign | 0x7F800000U | (rest & 0x3FFU) << 13);
    if (rest < 0x400U) // subnormal: rest x 2^-24
        return __builtin_bit_cast(float, sign | __builtin_bit_cast(std::uint32_t, float(rest) * 5.9604645e-8F));
    return __builtin_bit_cast(float, sign | ((rest << 13) + (112U << 23)));
}
MOESCOPE_DEVICE void store(float value, HalfBits& to) {
    const auto wide = __builtin_bit_cast(std::uint32_t, value);
    const std::uint32_t sign = wide >> 16 & 0x8000U;
    const std::uint32_t rest = wide & 0x7FFFFFFFU;
    std::uint32_t half = 0;
    if (rest > 0x7F800000U) // NaN
        half = 0x7E00U;
    else if (rest >= 0x477FF000U) // rounds to 65536 or more
        half = 0x7C00U;
    else if (rest < 0x38800000U) // subnormal: adding 0.5 leaves its bits, rounded, at the end
        half = __builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, rest) + 0.5F) - 0x3F000000U;
    else
        half = (rest - (112U << 23) + 0xFFFU + (rest >> 13 & 1U)) >> 13;
    to.bits = std::uint16_t(sign | half);
}
#endif

} // namespace moescope::cuda
