#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace moescope {

// IEEE binary16, little-endian, at any address. Rounds to nearest, ties to even; overflow becomes infinity, NaN stays
// NaN. The bytes are two for every float.
void floatToHalf(std::span<const float> from, std::byte* to);
void halfToFloat(const std::byte* from, std::span<float> to);

std::uint16_t floatToHalf(float value);
float halfToFloat(std::uint16_t half);

} // namespace moescope
