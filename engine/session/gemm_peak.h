#pragma once

#include <string>

namespace moescope {

// FLOP/s of the best of several 2048 x 2048 x 2048 products with prepacked weights, on the calling thread's pool.
double measureGemmPeak(const std::string& dtype);

} // namespace moescope
