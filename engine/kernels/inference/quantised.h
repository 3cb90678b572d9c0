#pragma once

#include <cstdint>

// How a row of numbers x becomes codes of 8 bits: scale = max |x| / 127, code = x / scale, rounded to nearest even. So
// zero is zero, and no code is -128. A row whose largest number is below 2^-100 is zero throughout; one that holds an
// infinity or NaN has the scale NaN, so that whatever is computed from it is NaN. For files that are compiled once for
// each instruction set: everything here has internal linkage.
namespace moescope {
namespace {

struct RowScale {
    float scale;
    float inverse; // what numbers are multiplied by to become codes
};

// magnitude: the bits of max |x| as f32; those of NaN and infinity are larger than any number's.
inline __attribute__((always_inline)) RowScale rowScaleOf(std::uint32_t magnitude) {
    constexpr std::uint32_t infinity = 0x7F800000U;
    constexpr std::uint32_t smallest = std::uint32_t(127 - 100) << 23;
    if (magnitude >= infinity)
        return {__builtin_nanf(""), 0.0F};
    if (magnitude < smallest)
        return {0.0F, 0.0F};
    const float largest = __builtin_bit_cast(float, magnitude);
    return {largest / 127.0F, 127.0F / largest};
}

// 1.5 x 2^23: added to a number below 2^22, it leaves the nearest integer in the lower bits.
constexpr float kRounder = 12582912.0F;
constexpr std::int32_t kRounderBits = 0x4B400000;

} // namespace
} // namespace moescope
