#pragma once

#include <cstdint>
#include <cstring>

namespace moescope {

// bfloat16 as stored: the upper half of a float.
struct Bf16 {
    std::uint16_t bits;
};

inline float toFloat(Bf16 v) {
    const std::uint32_t wide = std::uint32_t(v.bits) << 16;
    float f;
    std::memcpy(&f, &wide, sizeof f);
    return f;
}
inline float toFloat(float v) {
    return v;
}

// Rounds to nearest even; NaN stays NaN.
inline Bf16 toBf16(float f) {
    std::uint32_t wide;
    std::memcpy(&wide, &f, sizeof f);
    const std::uint32_t rounded = (wide + 0x7FFFU + ((wide >> 16) & 1U)) >> 16;
    return {std::uint16_t(f != f ? 0x7FC0U : rounded)};
}

} // namespace moescope
