#pragma once

#include "engine/kernels/cuda/kernels.h"

namespace moescope::cuda {

// On the current device.
class CudaKernels final : public Kernels {
public:
    void route(const RouteCall& call, Stream stream) override;
};

} // namespace moescope::cuda
