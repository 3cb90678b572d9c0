#pragma once

#include "engine/kernels/cuda/device.h"
#include "engine/kernels/cuda/route_tokens.h"

namespace moescope::cuda {

// The kernels of a mixture layer, queued on a stream; all pointers are the device's. CudaKernels runs them on a GPU,
// the tests' EmulatedKernels on a CPU. See each call's header.
class Kernels {
public:
    virtual ~Kernels() = default;
    virtual void route(const RouteCall& call, Stream stream) = 0;
};

} // namespace moescope::cuda
