#include "engine/model/torch_experts.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace moescope {

void TorchExperts::set(std::int64_t expert, const ExpertWeights& weights, const Execution& execution) {
    const auto read = [&](const WeightRows& part) {
        return WeightSource::matrix(std::span(&part, 1), execution.dtype)
            .to(execution.options(), /*non_blocking=*/false, /*copy=*/true);
    };
    m_experts[std::size_t(expert)] = {read(weights.gate), read(weights.up), read(weights.down)};
}

std::size_t TorchExperts::bytes() const {
    std::size_t total = 0;
    for (const Expert& expert : m_experts)
        total += expert.gate_ID.nbytes() + expert.up_ID.nbytes() + expert.down_DI.nbytes();
    return total;
}

void TorchExperts::addTo(const at::Tensor& normed_TD, const BatchRouting& routing, const ExpertOrder& order,
                         const at::Tensor& x_TD) const {
    const auto rows = std::int64_t(order.tokenOf.size());
    std::vector<float> weightOf(order.tokenOf.size());
    for (std::size_t i = 0; i < order.rowOf.size(); ++i)
        if (order.rowOf[i] >= 0)
            weightOf[std::size_t(order.rowOf[i])] = routing.weights[i];
    const at::Device device = x_TD.device();
    const at::Tensor token_N =
        at::from_blob(const_cast<std::int32_t*>(order.tokenOf.data()), {rows}, at::kInt).to(device);
    const at::Tensor weight_N1 = at::from_blob(weightOf.data(), {rows, 1}, at::kFloat).to(device);
    const at::Tensor input_ND = normed_TD.index_select(0, token_N);
    for (std::size_t e = 0; e < m_experts.size(); ++e) {
        const std::int64_t begin = order.begin[e];
        const std::int64_t count = order.begin[e + 1] - begin;
        if (count == 0)
            continue;
        const Expert& expert = m_experts[e];
        const at::Tensor x_MD = input_ND.narrow(0, begin, count);
        const at::Tensor inner_MI = at::silu(x_MD.matmul(expert.gate_ID.t())) * x_MD.matmul(expert.up_ID.t());
        const at::Tensor out_MD = inner_MI.matmul(expert.down_DI.t()).to(at::kFloat);
        x_TD.index_add_(0, token_N.narrow(0, begin, count), out_MD * weight_N1.narrow(0, begin, count));
    }
}

} // namespace moescope
