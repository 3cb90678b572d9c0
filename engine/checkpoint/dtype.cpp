#include "engine/checkpoint/dtype.h"

#include <array>

namespace moescope {

namespace {

struct Entry {
    DType dtype;
    std::string_view name;
    std::size_t bytes;
};

// In the order of the enumeration.
constexpr std::array<Entry, 15> kTypes{{{DType::Bool, "BOOL", 1},
                                        {DType::U8, "U8", 1},
                                        {DType::I8, "I8", 1},
                                        {DType::F8E4M3, "F8_E4M3", 1},
                                        {DType::F8E5M2, "F8_E5M2", 1},
                                        {DType::I16, "I16", 2},
                                        {DType::U16, "U16", 2},
                                        {DType::F16, "F16", 2},
                                        {DType::BF16, "BF16", 2},
                                        {DType::I32, "I32", 4},
                                        {DType::U32, "U32", 4},
                                        {DType::F32, "F32", 4},
                                        {DType::I64, "I64", 8},
                                        {DType::U64, "U64", 8},
                                        {DType::F64, "F64", 8}}};

} // namespace

std::size_t bytesOf(DType dtype) {
    return kTypes[std::size_t(dtype)].bytes;
}

std::string_view nameOf(DType dtype) {
    return kTypes[std::size_t(dtype)].name;
}

std::optional<DType> dtypeNamed(std::string_view name) {
    for (const Entry& entry : kTypes)
        if (entry.name == name)
            return entry.dtype;
    return std::nullopt;
}

} // namespace moescope
