#include "engine/model/experts.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "engine/kernels/inference/expert_order.h"
#include "engine/kernels/inference/task_loop.h"
#include "engine/model/device_backend.h"
#include "engine/model/torch_experts.h"

namespace moescope {

struct Experts::Store {
    Execution execution; // first: its backend outlives what lies on the device
    CpuExperts<float> f32;
    CpuExperts<Bf16> bf16;
    TorchExperts torch;
    std::optional<DeviceExperts> device;
    LoadExpert load;                   // where experts are not kept, or some are missing
    std::vector<std::int32_t> missing; // of those that are kept: not packed yet
    ReadAhead* ahead = nullptr;        // experts are not kept

    void set(std::int32_t expert) {
        if (!execution.ownKernels)
            torch.set(expert, load(expert), execution);
        else if (execution.dtype == at::kBFloat16)
            bf16.set(expert, load(expert), execution);
        else
            f32.set(expert, load(expert), execution);
    }

    void resize(std::int64_t experts) {
        missing.resize(std::size_t(experts));
        std::iota(missing.begin(), missing.end(), 0);
        if (!execution.ownKernels)
            torch.resize(experts);
        else if (execution.dtype == at::kBFloat16)
            bf16.resize(experts);
        else
            f32.resize(experts);
    }

    // Packs the missing experts that are wanted. Where one cannot be read, all of them stay missing.
    template <class Wanted>
    void pack(const Wanted& wanted) {
        const auto unwanted = std::stable_partition(missing.begin(), missing.end(), wanted);
        parallelTasks(unwanted - missing.begin(), [&](std::int64_t i) { set(missing[std::size_t(i)]); });
        missing.erase(missing.begin(), unwanted);
        if (missing.empty())
            load = nullptr;
    }
    void packAll() {
        pack([](std::int32_t) { return true; });
    }
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
    store->load = std::move(load);
    if (ahead != nullptr && execution.ownKernels) {
        store->ahead = ahead;
    } else {
        store->resize(experts);
        if (layer < 0 || !execution.ownKernels)
            store->packAll();
    }
    m_store = std::move(store);
}

void Experts::packRest() const {
    if (!m_store->missing.empty())
        m_store->packAll();
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
    if (m_store->ahead != nullptr) {
        withElement(m_store->execution.dtype, [&](auto zero) {
            CpuExperts<decltype(zero)>::stream(m_store->load, *m_store->ahead, m_store->execution, normed_TD, routing,
                                               order, workspace, x_TD);
        });
        return;
    }
    if (!m_store->missing.empty())
        m_store->pack([&](std::int32_t expert) {
            return order.begin[std::size_t(expert) + 1] > order.begin[std::size_t(expert)];
        });
    if (!m_store->execution.ownKernels)
        m_store->torch.addTo(normed_TD, routing, order, x_TD);
    else if (m_store->execution.dtype == at::kBFloat16)
        m_store->bf16.addTo(normed_TD, routing, order, workspace, x_TD);
    else
        m_store->f32.addTo(normed_TD, routing, order, workspace, x_TD);
}

} // namespace moescope
