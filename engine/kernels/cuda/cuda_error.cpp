#include "engine/kernels/cuda/cuda_error.h"

#include <string>

#include "engine/routing/error.h"

namespace moescope::cuda {

namespace {

constexpr const char* kMemoryRemedy = "out of GPU memory; use a smaller --batch-tokens or --context, or --device cpu";

} // namespace

void check(cudaError_t status, const char* what) {
    if (status == cudaSuccess)
        return;
    cudaGetLastError(); // the next call begins clean
    if (status == cudaErrorMemoryAllocation)
        throw Error(ErrorCode::OutOfMemory, std::string(kMemoryRemedy) + " (" + what + ")");
    throw Error(ErrorCode::Unsupported, std::string("CUDA failed ") + what + ": " + cudaGetErrorString(status) + " (" +
                                            cudaGetErrorName(status) + "); use --device cpu");
}

void check(cublasStatus_t status, const char* what) {
    if (status == CUBLAS_STATUS_SUCCESS)
        return;
    if (status == CUBLAS_STATUS_ALLOC_FAILED)
        throw Error(ErrorCode::OutOfMemory, std::string(kMemoryRemedy) + " (" + what + ")");
    throw Error(ErrorCode::Unsupported,
                std::string("cuBLAS failed ") + what + ": " + cublasGetStatusString(status) + "; use --device cpu");
}

} // namespace moescope::cuda
