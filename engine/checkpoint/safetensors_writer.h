#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/dtype.h"

namespace moescope {

// A tensor to be written; the caller keeps the bytes alive during the call.
struct TensorToWrite {
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> data;
};

// Writes one safetensors file whole or not at all: into FILE.part, flushed to disk, then renamed. Tensors keep their
// order; data starts at a multiple of 64 bytes. Throws Error (InvalidArgument for a shape that does not match its
// bytes or a repeated name, Io).
void writeSafetensors(const std::filesystem::path& file, std::span<const TensorToWrite> tensors,
                      const std::map<std::string, std::string>& metadata = {});

} // namespace moescope
