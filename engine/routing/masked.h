#pragma once

#include <limits>

namespace moescope {

// The logit or score of an expert that cannot be chosen.
inline constexpr float kMasked = -std::numeric_limits<float>::infinity();

} // namespace moescope
