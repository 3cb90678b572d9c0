#include "engine/model/experts.h"

#include "engine/kernels/inference/expert_order.h"
#include "engine/kernels/inference/task_loop.h"
#include "engine/model/cpu_experts.h"
#include "engine/model/torch_experts.h"

namespace moescope {

namespace {

ExpertWeights weightsOf(const WeightSource& weights, std::int32_t layer, std::int32_t expert) {
    const WeightNames& names = weights.config().names;
    const std::int64_t inner = weights.config().expertIntermediate;
    const std::int64_t width = weights.config().hidden;
    if (const std::string packed = weightName(names.packedGateUp, layer); weights.contains(packed))
        return {weights.rows(packed, 2 * inner * expert, inner),
                weights.rows(packed, 2 * inner * expert + inner, inner),
                weights.rows(weightName(names.packedDown, layer), width * expert, width)};
    return {weights.rows(weightName(names.expertGate, layer, expert)),
            weights.rows(weightName(names.expertUp, layer, expert)),
            weights.rows(weightName(names.expertDown, layer, expert))};
}

} // namespace

struct Experts::Store {
    CpuExperts<float> f32;
    CpuExperts<Bf16> bf16;
    TorchExperts torch;
    Execution execution;
};

Experts::Experts(const WeightSource& weights, const MoeLayerInfo& info, const Execution& execution) {
    auto store = std::make_shared<Store>();
    store->execution = execution;
    const auto load = [&](auto& experts) {
        experts.resize(info.moe.experts);
        parallelTasks(info.moe.experts, [&](std::int64_t expert) {
            experts.set(expert, weightsOf(weights, info.layer.value, std::int32_t(expert)), execution);
        });
    };
    if (!execution.ownKernels)
        load(store->torch);
    else if (execution.dtype == at::kBFloat16)
        load(store->bf16);
    else
        load(store->f32);
    m_store = std::move(store);
}

std::size_t Experts::bytes() const {
    return m_store->f32.bytes() + m_store->bf16.bytes() + m_store->torch.bytes();
}

void Experts::addTo(const at::Tensor& normed_TD, const BatchRouting& routing, Workspace& workspace,
                    const at::Tensor& x_TD) const {
    ExpertOrder order;
    sortByExpert(routing.ids, routing.experts, routing.topK, order);
    if (!m_store->execution.ownKernels)
        m_store->torch.addTo(normed_TD, routing, order, x_TD);
    else if (m_store->execution.dtype == at::kBFloat16)
        m_store->bf16.addTo(normed_TD, routing, order, workspace, x_TD);
    else
        m_store->f32.addTo(normed_TD, routing, order, workspace, x_TD);
}

} // namespace moescope
