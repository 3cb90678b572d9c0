#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/cuda_launcher.cuh"

namespace moescope::cuda {

void CudaKernels::route(const RouteCall& call, Stream stream) {
    CudaLauncher launcher(m_device, stream);
    launchRoute(launcher, call);
}

} // namespace moescope::cuda
