#include "db/half.h"

#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace moescope {

// Fabian Giesen's float_to_half_fast3_rtne: the rounding is done by the float adder (subnormals) or by adding the
// half of the last place that remains, plus its parity.
std::uint16_t floatToHalf(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = bits & 0x80000000U;
    const std::uint32_t magnitude = bits ^ sign;
    std::uint32_t half = 0;
    if (magnitude >= 0x47800000U) { // 65536 and above, infinity, NaN
        half = magnitude > 0x7F800000U ? 0x7E00U : 0x7C00U;
    } else if (magnitude < 0x38800000U) { // below the smallest normal half
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        half = std::bit_cast<std::uint32_t>(shifted) - 0x3F000000U;
    } else {
        const std::uint32_t odd = (magnitude >> 13) & 1U;
        half = (magnitude + 0xC8000FFFU + odd) >> 13; // exponent bias 127 -> 15, rounding bias
    }
    return std::uint16_t(half | (sign >> 16));
}

float halfToFloat(std::uint16_t half) {
    const std::uint32_t sign = std::uint32_t(half & 0x8000U) << 16;
    const std::uint32_t magnitude = std::uint32_t(half & 0x7FFFU) << 13;
    if (magnitude >= 0x0F800000U) { // infinity, NaN
        return std::bit_cast<float>(sign | magnitude | 0x7F800000U);
    }
    // Scaling by 2^112 moves the exponent's bias, subnormals included.
    const float scaled = std::bit_cast<float>(magnitude) * std::bit_cast<float>(0x77800000U);
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(scaled) | sign);
}

namespace {

#if defined(__x86_64__)
bool hasF16c() {
    static const bool has = [] { // asked for directly: Clang's __builtin_cpu_supports does not know it
        unsigned a = 0, b = 0, c = 0, d = 0;
        return __builtin_cpu_supports("avx") != 0 && __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
    }();
    return has;
}

__attribute__((target("avx,f16c"))) std::size_t toHalfWide(std::span<const float> from, std::byte* to) {
    std::size_t i = 0;
    for (; i + 8 <= from.size(); i += 8) {
        const __m256 values = _mm256_loadu_ps(from.data() + i);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 2 * i), _mm256_cvtps_ph(values, _MM_FROUND_TO_NEAREST_INT));
    }
    return i;
}

__attribute__((target("avx,f16c"))) std::size_t toFloatWide(const std::byte* from, std::span<float> to) {
    std::size_t i = 0;
    for (; i + 8 <= to.size(); i += 8) {
        const __m128i halves = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 2 * i));
        _mm256_storeu_ps(to.data() + i, _mm256_cvtph_ps(halves));
    }
    return i;
}
#else
bool hasF16c() {
    return false;
}
std::size_t toHalfWide(std::span<const float>, std::byte*) {
    return 0;
}
std::size_t toFloatWide(const std::byte*, std::span<float>) {
    return 0;
}
#endif

} // namespace

void floatToHalf(std::span<const float> from, std::byte* to) {
    std::size_t i = hasF16c() ? toHalfWide(from, to) : 0;
    for (; i < from.size(); ++i) {
        const std::uint16_t half = floatToHalf(from[i]);
        std::memcpy(to + 2 * i, &half, 2);
    }
}

void halfToFloat(const std::byte* from, std::span<float> to) {
    std::size_t i = hasF16c() ? toFloatWide(from, to) : 0;
    for (; i < to.size(); ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, from + 2 * i, 2);
        to[i] = halfToFloat(half);
    }
}

} // namespace moescope
