#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace moescope {

// Element types of the safetensors format.
enum class DType : std::uint8_t { Bool, U8, I8, F8E4M3, F8E5M2, I16, U16, F16, BF16, I32, U32, F32, I64, U64, F64 };

std::size_t bytesOf(DType dtype);
std::string_view nameOf(DType dtype); // as in a safetensors header: "F32", "BF16"
std::optional<DType> dtypeNamed(std::string_view name);

} // namespace moescope
