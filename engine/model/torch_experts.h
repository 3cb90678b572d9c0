#pragma once

#include <vector>

#include "engine/kernels/inference/expert_order.h"
#include "engine/model/batch_routing.h"
#include "engine/model/cpu_experts.h"

namespace moescope {

// A layer's experts in LibTorch operations, on any device.
class TorchExperts {
public:
    void resize(std::int64_t experts) { m_experts.resize(std::size_t(experts)); }
    void set(std::int64_t expert, const ExpertWeights& weights, const Execution& execution);
    std::size_t bytes() const;

    void addTo(const at::Tensor& normed_TD, const BatchRouting& routing, const ExpertOrder& order,
               const at::Tensor& x_TD) const;

private:
    struct Expert {
        at::Tensor gate_ID, up_ID, down_DI;          // no gate where the activation is not gated
        at::Tensor gateBias_I, upBias_I, downBias_D; // undefined: none
        ExpertActivation activation = ExpertActivation::SwiGlu;
        double limit = 0;

        at::Tensor forward(const at::Tensor& x_MD) const;
    };
    std::vector<Expert> m_experts;
};

} // namespace moescope
