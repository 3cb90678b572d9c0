#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "datasets/document_reader.h"

namespace moescope {

// A document whose tokens are given: a JSON array of arrays of integers, one per document, in [0, vocabulary).
std::vector<std::vector<std::int32_t>> readTokenIds(const std::filesystem::path& file, std::int32_t vocabulary);

} // namespace moescope
