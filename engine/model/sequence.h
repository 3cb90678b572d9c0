#pragma once

#include <cstdint>
#include <vector>

namespace moescope {

// Consecutive rows of a batch that attend to one another, behind `past` rows that a key/value cache holds.
struct Sequence {
    std::int64_t begin = 0;
    std::int64_t rows = 0;
    std::int64_t past = 0;
};

} // namespace moescope
