#include "engine/model/experts.h"

#include <optional>

#include "engine/kernels/inference/expert_order.h"
#include "engine/kernels/inference/task_loop.h"
#include "engine/model/device_backend.h"
#include "engine/model/torch_experts.h"

namespace moescope {

struct Experts::Store {
    CpuExperts<float> f32;
    CpuExperts<Bf16> bf16;
    TorchExperts torch;
    std::optional<DeviceExperts> device;
    Execution execution;
    LoadExpert stream; // experts are not kept
    ReadAhead* ahead = nullptr;
};

Experts::Experts(std::int64_t experts, LoadExpert load, const Execution& execution, ReadAhead* ahead,
                 std::int32_t layer) {
    auto store = std::make_shared<Store>();
    store->execution = execution;
    if (execution.backend && layer >= 0 && experts <= cuda::kMostExperts) {
        store->device.emplace(*execution.backend, layer, std::int32_t(experts), load, execution.dtype);
        m_store = std::move(store);
        return;
    }
    if (ahead != nullptr && execution.ownKernels) {
        store->stream = std::move(load);
        store->ahead = ahead;
        m_store = std::move(store);
        return;
    }
    const auto fill = [&](auto& kept) {
        kept.resize(experts);
        parallelTasks(experts, [&](std::int64_t expert) { kept.set(expert, load(std::int32_t(expert)), execution); });
    };
    if (!execution.ownKernels)
        fill(store->torch);
    else if (execution.dtype == at::kBFloat16)
        fill(store->bf16);
    else
        fill(store->f32);
    m_store = std::move(store);
}

std::size_t Experts::bytes() const {
    return (m_store->device ? m_store->device->bytes() : 0) + m_store->f32.bytes() + m_store->bf16.bytes() +
           m_store->torch.bytes();
}

void Experts::addTo(const at::Tensor& normed_TD, const BatchRouting& routing, Workspace& workspace,
                    const at::Tensor& x_TD) const {
    if (m_store->device) {
        m_store->device->addTo(normed_TD, routing, x_TD);
        return;
    }
    ExpertOrder order;
    sortByExpert(routing.ids, routing.experts, routing.topK, order);
    if (m_store->stream) {
        withElement(m_store->execution.dtype, [&](auto zero) {
            CpuExperts<decltype(zero)>::stream(m_store->stream, *m_store->ahead, m_store->execution, normed_TD, routing,
                                               order, workspace, x_TD);
        });
        return;
    }
    if (!m_store->execution.ownKernels)
        m_store->torch.addTo(normed_TD, routing, order, x_TD);
    else if (m_store->execution.dtype == at::kBFloat16)
        m_store->bf16.addTo(normed_TD, routing, order, workspace, x_TD);
    else
        m_store->f32.addTo(normed_TD, routing, order, workspace, x_TD);
}

} // namespace moescope
