#pragma once

#include <limits>

namespace moescope {

// A figure that is not there, such as a mean over nothing.
inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

} // namespace moescope
