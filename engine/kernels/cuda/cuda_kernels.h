#pragma once

#include "engine/kernels/cuda/kernels.h"

namespace moescope::cuda {

// On the current device.
class CudaKernels final : public Kernels {
public:
    void route(const RouteCall& call, Stream stream) override;
    void limit(const LimitCall& call, Stream stream) override;
    void order(const OrderCall& call, Stream stream) override;
    void gather(const GatherCall& call, Stream stream) override;
    void activate(const ActivateCall& call, Stream stream) override;
    void combine(const CombineCall& call, Stream stream) override;
};

} // namespace moescope::cuda
