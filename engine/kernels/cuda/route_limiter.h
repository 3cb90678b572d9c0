#pragma once

#include "engine/kernels/cuda/kernels.h"
#include "engine/kernels/cuda/owned.h"
#include "engine/routing/capacity.h"
#include "engine/routing/moe_config.h"

namespace moescope::cuda {

// Routes in the device's memory, changed in place.
struct EditableRoutes {
    std::int64_t tokens = 0;
    const float* logits = nullptr; // [tokens, experts]
    std::uint16_t* ids = nullptr;  // [tokens, topK]
    float* weights = nullptr;      // [tokens, topK]
};

// limitToCapacity (engine/routing/limit_capacity.h) on the device. For one thread at a time; its scratch is kept.
class RouteLimiter {
public:
    RouteLimiter(Device& device, Kernels& kernels) : m_device(device), m_kernels(kernels) {}

    // Next goes token by token, which is the host's work.
    static bool canServe(OverflowPolicy policy) { return policy != OverflowPolicy::Next; }

    // REQUIRES: canServe(options.policy). `gate` made the routes.
    void limit(const MoeLayerInfo& gate, const CapacityOptions& options, const EditableRoutes& routes, Stream stream);

private:
    Device& m_device;
    Kernels& m_kernels;
    DeviceMemory m_scratch;
};

} // namespace moescope::cuda
