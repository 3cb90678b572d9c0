#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace moescope {

// Throws InvalidArgument naming the first byte that is not UTF-8.
void requireUtf8(std::string_view text);

// A whole file. Throws Error NotFound or Io.
std::string readWholeFile(const std::filesystem::path& file);

// FNV-1a over the bytes, 16 hexadecimal digits: tells two files apart, guards against nothing.
std::string hashOf(std::string_view bytes);

} // namespace moescope
