#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace moescope {

// Throws InvalidArgument naming the first byte that is not UTF-8.
void requireUtf8(std::string_view text);

// A text as it can stand in a message of one line: control characters written out, cut off where it is long.
std::string printable(std::string_view text, std::size_t longest = 120);

// A whole file. Throws Error NotFound or Io.
std::string readWholeFile(const std::filesystem::path& file);

// FNV-1a over the bytes, 16 hexadecimal digits: tells two files apart, guards against nothing.
std::string hashOf(std::string_view bytes);

} // namespace moescope
