#pragma once

#include <string_view>

namespace moescope {

std::string_view programVersion(); // "0.1.0"

} // namespace moescope
