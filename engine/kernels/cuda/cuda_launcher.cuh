#pragma once

#include <string>

#include "engine/kernels/cuda/cuda_block.cuh"
#include "engine/kernels/cuda/cuda_error.h"
#include "engine/kernels/cuda/device.h"

namespace moescope::cuda {

template <class Kernel>
__global__ void runKernel(const typename Kernel::Call call) {
    CudaBlock block;
    Kernel::run(block, call);
}

// Queues kernels (device_code.h) on a stream of a GPU, which becomes the current one.
class CudaLauncher {
public:
    CudaLauncher(int device, Stream stream) : m_stream(static_cast<cudaStream_t>(stream.handle)) {
        check(cudaSetDevice(device), "choosing the GPU");
    }

    template <class Kernel>
    void run(const typename Kernel::Call& call) {
        const LaunchShape shape = Kernel::shape(call);
        if (shape.blocks == 0)
            return;
        runKernel<Kernel>
            <<<unsigned(shape.blocks), unsigned(shape.threads), std::size_t(shape.sharedBytes), m_stream>>>(call);
        check(cudaGetLastError(), "launching a kernel");
    }

private:
    cudaStream_t m_stream;
};

} // namespace moescope::cuda
