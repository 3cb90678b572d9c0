#include "engine/model/top_k_router.h"

#include <algorithm>

#include <ATen/Functions.h>

#include "engine/kernels/inference/task_loop.h"
#include "engine/model/device_backend.h"
#include "engine/model/expert_choice_routing.h"
#include "engine/routing/intervention.h"
#include "engine/routing/topk.h"

namespace moescope {

namespace {

constexpr std::int64_t kRows = 64; // of a block whose normed state stays in the second-level cache

Linear loadGate(const WeightSource& weights, std::int32_t layer, Execution execution) {
    execution.dtype = at::kFloat;
    const ModelConfig& config = weights.config();
    return {weights, weightName(config.names.router, layer), config.routerBias, execution};
}

} // namespace

TopKRouter::TopKRouter(const WeightSource& weights, const MoeLayerInfo& info, Norm norm, const Execution& execution)
    : m_info(info), m_norm(std::move(norm)), m_gate(loadGate(weights, info.layer.value, execution)),
      m_expertChoice(weights.config().expertChoice), m_ownKernels(execution.ownKernels) {
    checkGate(m_info);
    if (m_expertChoice == 0 && DeviceBackend::canRoute(m_info))
        m_backend = execution.backend;
}

void TopKRouter::routeRows(std::int64_t begin, std::int64_t rows, BatchRouting& routing) const {
    if (m_expertChoice > 0)
        return; // when the whole batch is known
    const auto experts = std::size_t(routing.experts);
    const auto k = std::size_t(routing.topK);
    const auto first = std::size_t(begin);
    const auto count = std::size_t(rows);
    routeTopK(m_info, std::span(routing.logits).subspan(first * experts, count * experts),
              std::span(routing.ids).subspan(first * k, count * k),
              std::span(routing.weights).subspan(first * k, count * k), begin);
}

void TopKRouter::forward(const at::Tensor& x_TD, const at::Tensor& normed_TD, BatchRouting& routing) const {
    if (m_backend) {
        const Intervention* intervention = routing.intervention;
        const MoeLayerInfo gate = intervention == nullptr ? m_info : intervenedGate(*intervention, m_info);
        if (DeviceBackend::canRoute(gate, intervention)) {
            routeOnDevice(gate, x_TD, normed_TD, routing);
            return;
        }
    }
    route(x_TD, normed_TD, routing);
    if (routing.intervention != nullptr)
        intervene(routing);
}

void TopKRouter::routeOnDevice(const MoeLayerInfo& gate, const at::Tensor& x_TD, const at::Tensor& normed_TD,
                               BatchRouting& routing) const {
    routing.resize(x_TD.size(0), gate.moe.experts, gate.moe.topK);
    logitsWithTorch(x_TD, normed_TD, m_backend->beginRouting(gate, routing.tokens, x_TD.options()));
    m_backend->route(gate, routing);
}

// The logits stay the model's own; only what is made of them changes.
void TopKRouter::intervene(BatchRouting& routing) const {
    const MoeLayerInfo gate = intervenedGate(*routing.intervention, m_info);
    if (gate != m_info) {
        routing.resize(routing.tokens, gate.moe.experts, gate.moe.topK);
        routeTopK(gate, routing.logits, routing.ids, routing.weights);
    }
    constrainRoutes(*routing.intervention, gate, routing.logits, routing.ids, routing.weights);
}

void TopKRouter::route(const at::Tensor& x_TD, const at::Tensor& normed_TD, BatchRouting& routing) const {
    const std::int64_t tokens = x_TD.size(0);
    const std::int64_t width = x_TD.size(1);
    routing.resize(tokens, m_info.moe.experts, m_info.moe.topK);
    if (!m_ownKernels) {
        const at::Tensor logits_TE = at::empty({tokens, routing.experts}, x_TD.options());
        logitsWithTorch(x_TD, normed_TD, logits_TE);
        at::from_blob(routing.logits.data(), {tokens, routing.experts}, at::kFloat).copy_(logits_TE);
        routeRows(0, tokens, routing);
        if (m_expertChoice > 0)
            routeByExpertChoice(m_expertChoice, routing);
        return;
    }
    withElement(normed_TD.scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        parallelTasks((tokens + kRows - 1) / kRows, [&](std::int64_t block) {
            thread_local std::vector<float> unrounded;
            unrounded.resize(std::size_t(kRows * width));
            const std::int64_t begin = block * kRows;
            const std::int64_t rows = std::min(kRows, tokens - begin);
            if (!m_norm.forwardRows<T>(rows, dataOf<float>(x_TD) + begin * width, unrounded.data(),
                                       dataOf<T>(normed_TD) + begin * width))
                reportNotFinite("layer " + std::to_string(m_info.layer.value));
            m_gate.forwardRowsFloat(rows, unrounded.data(), routing.logits.data() + begin * routing.experts,
                                    routing.experts);
            routeRows(begin, rows, routing);
        });
    });
    if (m_expertChoice > 0)
        routeByExpertChoice(m_expertChoice, routing);
}

void TopKRouter::logitsWithTorch(const at::Tensor& x_TD, const at::Tensor& normed_TD,
                                 const at::Tensor& logits_TE) const {
    const at::Tensor unrounded_TD = at::empty_like(x_TD);
    m_norm.forward(x_TD, normed_TD, unrounded_TD, "layer " + std::to_string(m_info.layer.value));
    m_gate.forwardFloat(unrounded_TD, logits_TE);
}

} // namespace moescope
