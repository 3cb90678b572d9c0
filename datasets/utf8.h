// UTF-8 as Unicode defines it (3.9, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace moescope {

// The offset of the first byte that is not part of valid UTF-8, or npos if all of `text` is.
[[nodiscard]] std::size_t firstInvalidUtf8(std::string_view text);

} // namespace moescope
