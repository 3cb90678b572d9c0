#pragma once

#include <memory>

#include "engine/kernels/inference/expert_kernel.h"

namespace moescope {

// The kernel of an expert kept in int8: tiles where the processor has them and the expert is SwiGLU without biases,
// else plain products with passes over their results.
template <class T>
std::unique_ptr<ExpertKernel<T>> makeInt8Kernel(const ExpertMatrices<T>& matrices);

} // namespace moescope
