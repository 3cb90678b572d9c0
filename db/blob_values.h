#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

namespace moescope::sqlite {

// The numbers of a blob as they lie in it; bytes that are no whole number at its end are left out.
template <class T>
std::vector<T> valuesOf(std::span<const std::byte> blob) {
    std::vector<T> values(blob.size() / sizeof(T));
    if (!values.empty()) {
        std::memcpy(values.data(), blob.data(), values.size() * sizeof(T));
    }
    return values;
}

} // namespace moescope::sqlite
