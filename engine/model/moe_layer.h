#pragma once

#include <optional>

#include "engine/model/experts.h"
#include "engine/model/feed_forward.h"
#include "engine/model/sequence.h"
#include "engine/model/top_k_router.h"

namespace moescope {

// A mixture-of-experts layer: norm, gate, top-k, experts, weighted sum onto the residual stream; beside the chosen
// experts there may be one that every token takes.
class MoeLayer {
public:
    MoeLayer(const WeightSource& weights, const MoeLayerInfo& info, Norm norm, const Execution& execution);

    std::size_t bytes() const { return m_experts.bytes() + (m_shared ? m_shared->bytes() : 0); }

    void packRest() const { m_experts.packRest(); }

    void addTo(std::span<const Sequence> sequences, Workspace& workspace, const at::Tensor& x_TD,
               BatchRouting& routing) const;

private:
    void addExperts(const at::Tensor& normed_TD, const BatchRouting& routing, Workspace& workspace,
                    const at::Tensor& x_TD) const;

    at::ScalarType m_dtype;
    float m_multiplier;      // of what the layer adds
    std::int32_t m_capacity; // tokens of a sequence that an expert serves; 0: all
    TopKRouter m_router;
    Experts m_experts;
    std::optional<FeedForward> m_shared;
};

} // namespace moescope
