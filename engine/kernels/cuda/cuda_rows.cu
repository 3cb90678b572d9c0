#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/cuda_launcher.cuh"

namespace moescope::cuda {

void CudaKernels::gather(const GatherCall& call, Stream stream) {
    CudaLauncher launcher(m_device, stream);
    launchGather(launcher, call);
}

void CudaKernels::activate(const ActivateCall& call, Stream stream) {
    CudaLauncher launcher(m_device, stream);
    launchActivate(launcher, call);
}

void CudaKernels::combine(const CombineCall& call, Stream stream) {
    CudaLauncher launcher(m_device, stream);
    launchCombine(launcher, call);
}

} // namespace moescope::cuda
