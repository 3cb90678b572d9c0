#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/cuda_launcher.cuh"

namespace moescope::cuda {

void CudaKernels::order(const OrderCall& call, Stream stream) {
    CudaLauncher launcher(m_device, stream);
    launchOrder(launcher, call);
}

} // namespace moescope::cuda
