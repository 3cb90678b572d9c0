#pragma once

#include "engine/model/experts.h"
#include "engine/model/top_k_router.h"

namespace moescope {

// A mixture-of-experts layer: norm, gate, top-k, experts, weighted sum onto the residual stream.
class MoeLayer {
public:
    MoeLayer(const WeightSource& weights, const MoeLayerInfo& info, RmsNorm norm, const Execution& execution)
        : m_dtype(execution.dtype), m_router(weights, info, std::move(norm), execution),
          m_experts(weights, info, execution) {}

    std::size_t bytes() const { return m_experts.bytes(); }

    void addTo(Workspace& workspace, const at::Tensor& x_TD, BatchRouting& routing) const {
        const at::Tensor normed_TD = workspace.take(Slot::Normed, x_TD.sizes(), m_dtype);
        m_router.forward(x_TD, normed_TD, routing);
        m_experts.addTo(normed_TD, routing, workspace, x_TD);
    }

private:
    at::ScalarType m_dtype;
    TopKRouter m_router;
    Experts m_experts;
};

} // namespace moescope
