#pragma once

#include <cstdint>

namespace moescope {

inline constexpr std::uint16_t kNoExpert = 0xFFFF; // a slot that holds no expert

} // namespace moescope
