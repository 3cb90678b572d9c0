#pragma once

#include "engine/kernels/cuda/kernels.h"

namespace moescope::cuda {

// On one GPU, which each call makes the calling thread's current one: a stream takes no kernel from another's thread.
class CudaKernels final : public Kernels {
public:
    explicit CudaKernels(int device) : m_device(device) {}

    void route(const RouteCall& call, Stream stream) override;
    void ablate(const AblateCall& call, Stream stream) override;
    void limit(const LimitCall& call, Stream stream) override;
    void order(const OrderCall& call, Stream stream) override;
    void gather(const GatherCall& call, Stream stream) override;
    void activate(const ActivateCall& call, Stream stream) override;
    void combine(const CombineCall& call, Stream stream) override;

private:
    int m_device;
};

} // namespace moescope::cuda
