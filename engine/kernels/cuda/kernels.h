#pragma once

#include "engine/kernels/cuda/ablate_rows.h"
#include "engine/kernels/cuda/activate_rows.h"
#include "engine/kernels/cuda/combine_rows.h"
#include "engine/kernels/cuda/device.h"
#include "engine/kernels/cuda/gather_rows.h"
#include "engine/kernels/cuda/limit_rows.h"
#include "engine/kernels/cuda/order_by_expert.h"
#include "engine/kernels/cuda/route_tokens.h"

namespace moescope::cuda {

// The kernels of a mixture layer, queued on a stream; all pointers are the device's. CudaKernels runs them on a GPU,
// the tests' EmulatedKernels on a CPU. See each call's header.
class Kernels {
public:
    virtual ~Kernels() = default;
    virtual void route(const RouteCall& call, Stream stream) = 0;
    virtual void ablate(const AblateCall& call, Stream stream) = 0;
    virtual void limit(const LimitCall& call, Stream stream) = 0;
    virtual void order(const OrderCall& call, Stream stream) = 0;
    virtual void gather(const GatherCall& call, Stream stream) = 0;
    virtual void activate(const ActivateCall& call, Stream stream) = 0;
    virtual void combine(const CombineCall& call, Stream stream) = 0;
};

} // namespace moescope::cuda
