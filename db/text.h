#pragma once

#include <string>
#include <string_view>

namespace moescope {

// The text with every byte that is not part of valid UTF-8 written as \xNN (lower-case hexadecimal).
std::string printableUtf8(std::string_view bytes);

} // namespace moescope
