#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace moescope {

// Documents whose tokens are given: a JSON array of arrays of integers in [0, vocabulary), one for each document.
// Throws Error: Io, Corruption (no such JSON), InvalidArgument naming the first id that is outside.
std::vector<std::vector<std::int32_t>> readTokenIds(const std::filesystem::path& file, std::int32_t vocabulary);

} // namespace moescope
