// SHA-256 (FIPS 180-4).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace moescope {

// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view bytes);

// Reads in pieces, so that files of any size cost little memory. Throws Error (NotFound, Io).
[[nodiscard]] std::string sha256OfFile(const std::filesystem::path& file);

} // namespace moescope
