#pragma once

#include <span>
#include <string_view>

namespace moescope::sqlite {

// The schema as steps: entry i brings a file from version i to i + 1. Steps that were released never change.
std::span<const std::string_view> migrations();

} // namespace moescope::sqlite
