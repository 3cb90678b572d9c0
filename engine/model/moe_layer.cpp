#include "engine/model/moe_layer.h"

#include "engine/model/expert_weights.h"
#include "engine/model/switch_capacity.h"

namespace moescope {

MoeLayer::MoeLayer(const WeightSource& weights, const MoeLayerInfo& info, Norm norm, const Execution& execution)
    : m_dtype(execution.dtype), m_multiplier(weights.config().residualMultiplier),
      m_capacity(weights.config().expertCapacity), m_router(weights, info, std::move(norm), execution),
      m_experts(
          info.moe.experts,
          [&weights, layer = info.layer.value](std::int32_t expert) { return routedExpert(weights, layer, expert); },
          execution, weights.ahead(), info.layer.value) {
    if (weights.config().sharedIntermediate > 0)
        m_shared = FeedForward::shared(weights, info.layer.value, execution);
}

void MoeLayer::addTo(std::span<const Sequence> sequences, Workspace& workspace, const at::Tensor& x_TD,
                     BatchRouting& routing) const {
    const at::Tensor normed_TD = workspace.take(Slot::Normed, x_TD.sizes(), m_dtype);
    if (m_capacity > 0)
        routing.mayDefer = false; // the routes are looked at below
    m_router.forward(x_TD, normed_TD, routing);
    if (m_capacity > 0) {
        dropOverCapacity(m_capacity, sequences, normed_TD, x_TD, routing);
        routing.deviceIds = nullptr;
    }
    addExperts(normed_TD, routing, workspace, x_TD);
    if (m_shared)
        m_shared->addTo(normed_TD, workspace, x_TD);
}

void MoeLayer::addExperts(const at::Tensor& normed_TD, const BatchRouting& routing, Workspace& workspace,
                          const at::Tensor& x_TD) const {
    if (m_multiplier == 1.0F) {
        m_experts.addTo(normed_TD, routing, workspace, x_TD);
        return;
    }
    BatchRouting scaled; // what is recorded stays as it was routed
    scaled.tokens = routing.tokens;
    scaled.experts = routing.experts;
    scaled.topK = routing.topK;
    scaled.deviceIds = routing.deviceIds;
    scaled.deviceWeights = routing.deviceWeights;
    scaled.deviceScale = m_multiplier;
    if (routing.deviceIds == nullptr) {
        scaled.ids = routing.ids;
        for (const float weight : routing.weights)
            scaled.weights.push_back(weight * m_multiplier);
    }
    m_experts.addTo(normed_TD, scaled, workspace, x_TD);
}

} // namespace moescope
