#pragma once

#include <string>

namespace moescope {

// FLOP/s of the best of several 2048 x 2048 x 2048 products by the fastest means the engine has, on the calling
// thread's pool.
double measureGemmPeak(const std::string& dtype);

} // namespace moescope
