#pragma once

#include <cstdint>

namespace moescope {

// Bytes this process may use: the machine's memory, or its control group's limit where that is lower.
std::int64_t usableMemory();

} // namespace moescope
