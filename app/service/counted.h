#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace moescope {

// "1 domain", "2 domains"
template <class Number>
std::string counted(Number n, std::string_view thing) {
    return fmt::format("{} {}{}", n, thing, n == 1 ? "" : "s");
}

} // namespace moescope
