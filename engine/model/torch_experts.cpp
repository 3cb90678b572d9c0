#include "engine/model/torch_experts.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace moescope {

namespace {

at::Tensor project(const at::Tensor& x_MD, const at::Tensor& weight, const at::Tensor& bias) {
    const at::Tensor y = x_MD.matmul(weight.t());
    return bias.defined() ? y + bias.to(y.scalar_type()) : y;
}

} // namespace

at::Tensor TorchExperts::Expert::forward(const at::Tensor& x_MD) const {
    const at::Tensor up = project(x_MD, up_ID, upBias_I);
    const at::Tensor gate = isGated(activation) ? project(x_MD, gate_ID, gateBias_I) : at::Tensor();
    at::Tensor inner;
    switch (activation) {
    case ExpertActivation::SwiGlu:
        inner = at::silu(gate) * up;
        break;
    case ExpertActivation::ClampedSwiGlu: {
        const at::Tensor limited = gate.clamp_max(limit);
        inner = (up.clamp(-limit, limit) + 1) * limited * at::sigmoid(limited * 1.702);
        break;
    }
    case ExpertActivation::Relu:
        inner = at::relu(up);
        break;
    case ExpertActivation::Gelu:
        inner = at::gelu(up);
        break;
    case ExpertActivation::GeluTanh:
        inner = at::gelu(up, "tanh");
        break;
    case ExpertActivation::Silu:
        inner = at::silu(up);
        break;
    }
    return project(inner, down_DI, downBias_D);
}

void TorchExperts::set(std::int64_t expert, const ExpertWeights& weights, const Execution& execution) {
    const auto read = [&](const StoredMatrix& part) {
        if (part.isEmpty())
            return at::Tensor();
        return WeightSource::matrix(std::span(&part, 1), execution.dtype)
            .to(execution.options(), /*non_blocking=*/false, /*copy=*/true);
    };
    const auto bias = [&](const std::vector<float>& values) {
        if (values.empty())
            return at::Tensor();
        return at::from_blob(const_cast<float*>(values.data()), {std::int64_t(values.size())}, at::kFloat)
            .to(execution.options(), /*non_blocking=*/false, /*copy=*/true);
    };
    m_experts[std::size_t(expert)] = {read(weights.gate),     read(weights.up),     read(weights.down),
                                      bias(weights.gateBias), bias(weights.upBias), bias(weights.downBias),
                                      weights.activation,     double(weights.limit)};
}

std::size_t TorchExperts::bytes() const {
    std::size_t total = 0;
    for (const Expert& expert : m_experts)
        total +=
            (expert.gate_ID.defined() ? expert.gate_ID.nbytes() : 0) + expert.up_ID.nbytes() + expert.down_DI.nbytes();
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
        const at::Tensor out_MD = m_experts[e].forward(input_ND.narrow(0, begin, count)).to(at::kFloat);
        x_TD.index_add_(0, token_N.narrow(0, begin, count), out_MD * weight_N1.narrow(0, begin, count));
    }
}

} // namespace moescope
