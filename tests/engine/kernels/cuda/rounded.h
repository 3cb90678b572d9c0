#pragma once

#include <cstddef>
#include <vector>

#include "engine/kernels/cuda/element.h"

namespace moescope::test {

// As the kernels store them.
template <class T>
std::vector<T> rounded(const std::vector<float>& values) {
    std::vector<T> result(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        cuda::store(values[i], result[i]);
    return result;
}

} // namespace moescope::test
