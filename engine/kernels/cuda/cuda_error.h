#pragma once

#include <cublas_v2.h>
#include <cuda_runtime_api.h>

namespace moescope::cuda {

// The one place where CUDA's and cuBLAS's codes become moescope::Error: OutOfMemory where memory is short, else
// Unsupported. `what` says what was being done, as in "launching a kernel".
void check(cudaError_t status, const char* what);
void check(cublasStatus_t status, const char* what);

} // namespace moescope::cuda
