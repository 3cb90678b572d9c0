#include "engine/training/router_op.h"

#include "engine/routing/topk_aux_loss.h"
#include "engine/routing/z_loss.h"
#include "engine/training/op_support.h"
#include "engine/training/strategies/loss_terms.h"

namespace moescope {
namespace {

// What the backward pass needs of the forward pass.
struct RouterCall : torch::CustomClassHolder {
    const BalancingStrategy* strategy = nullptr;
    at::Tensor logits, rawNoise; // owners of the input's spans
    RouterInput input;
    RouterOutput output;
};

std::span<float> spanOf(const at::Tensor& t) {
    return t.defined() ? std::span(dataOf<float>(t), std::size_t(t.numel())) : std::span<float>();
}

struct RouterFunction : torch::autograd::Function<RouterFunction> {
    static at::Tensor forward(AutogradContext* ctx, const at::Tensor& logits, const c10::optional<at::Tensor>&,
                              const c10::intrusive_ptr<RouterCall>& call) {
        const RouterOutput& output = call->output;
        ctx->saved_data["call"] = c10::IValue::make_capsule(call);
        at::Tensor weights = at::empty({logits.size(0), output.slots}, logits.options());
        std::copy(output.weights.begin(), output.weights.end(), dataOf<float>(weights));
        return weights;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const auto call = c10::static_intrusive_pointer_cast<RouterCall>(ctx->saved_data["call"].toCapsule());
        const at::Tensor dWeights = grads[0].contiguous();
        const at::Tensor dLogits = at::zeros_like(call->logits);
        const at::Tensor dRawNoise = call->rawNoise.defined() ? at::zeros_like(call->rawNoise) : at::Tensor();
        call->strategy->addGradient(call->input, call->output, spanOf(dWeights), spanOf(dLogits), spanOf(dRawNoise));
        return {dLogits, dRawNoise, at::Tensor()};
    }
};

at::Tensor asTensor(const std::vector<std::uint16_t>& ids, std::int64_t slots) {
    at::Tensor out = at::empty({std::int64_t(ids.size()) / slots, slots}, at::kLong);
    auto* to = dataOf<std::int64_t>(out);
    for (const std::uint16_t id : ids)
        *to++ = id == kNoExpert ? -1 : std::int64_t(id);
    return out;
}

void countChoices(const RouterOutput& output, std::size_t experts, RoutedLayer& routed) {
    routed.load.resize(experts);
    std::vector<double> importance(experts);
    for (std::size_t i = 0; i < output.ids.size(); ++i) {
        const std::uint16_t id = output.ids[i];
        if (id == kNoExpert)
            continue;
        ++routed.load[id];
        importance[id] += double(output.weights[i]);
    }
    routed.importance.assign(importance.begin(), importance.end());
}

} // namespace

RoutedLayer routeTokens(const BalancingStrategy& strategy, RouterInput call, const at::Tensor& logits_NE,
                        const at::Tensor& rawNoise_NE) {
    auto kept = c10::make_intrusive<RouterCall>();
    kept->strategy = &strategy;
    kept->logits = logits_NE.detach().contiguous();
    kept->rawNoise = rawNoise_NE.defined() ? rawNoise_NE.detach().contiguous() : at::Tensor();
    call.tokens = std::int32_t(logits_NE.size(0));
    call.experts = std::int32_t(logits_NE.size(1));
    call.logits = spanOf(kept->logits);
    call.rawNoise = spanOf(kept->rawNoise);
    kept->input = call;
    kept->output = strategy.route(call);

    RoutedLayer routed;
    const RoutingBlock block = blockOf(call, kept->output);
    routed.auxLoss = topKAuxLoss(block, 0, {});
    routed.zLoss = zLoss(block, 0, {});
    routed.losses = kept->output.losses;
    countChoices(kept->output, std::size_t(call.experts), routed);
    routed.ids_NS = asTensor(kept->output.served, kept->output.slots);
    const auto noise = rawNoise_NE.defined() ? c10::optional<at::Tensor>(rawNoise_NE) : c10::nullopt;
    routed.weights_NS = RouterFunction::apply(logits_NE, noise, kept);
    return routed;
}

} // namespace moescope
