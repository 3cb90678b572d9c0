#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/cuda_launcher.cuh"

namespace moescope::cuda {

void CudaKernels::ablate(const AblateCall& call, Stream stream) {
    CudaLauncher launcher(m_device, stream);
    launcher.run<AblateRows>(call);
}

void CudaKernels::limit(const LimitCall& call, Stream stream) {
    CudaLauncher launcher(m_device, stream);
    launchLimit(launcher, call);
}

} // namespace moescope::cuda
