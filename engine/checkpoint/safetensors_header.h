#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/dtype.h"

namespace moescope {

// What a safetensors header says of one tensor. Offsets count from the file's first byte.
struct TensorEntry {
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::int64_t> shape;
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct SafetensorsHeader {
    std::vector<TensorEntry> tensors; // by offset
    std::map<std::string, std::string> metadata;
};

// Reads and checks the header of a whole safetensors file: its size, each shape against its byte range, and that no
// ranges overlap or reach past the end. Throws Error(Corruption) that begins with `file` and names the tensor.
SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> fileBytes, const std::string& file);

} // namespace moescope
