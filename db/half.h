#pragma once

#include <cstdint>
#include <span>

namespace moescope {

// IEEE binary16. Rounds to nearest, ties to even; overflow becomes infinity, NaN stays NaN. `to` has from's size.
void floatToHalf(std::span<const float> from, std::uint16_t* to);
void halfToFloat(const std::uint16_t* from, std::span<float> to);

std::uint16_t floatToHalf(float value);
float halfToFloat(std::uint16_t half);

} // namespace moescope
