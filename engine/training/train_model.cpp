#include "engine/training/train_model.h"

#include <cmath>

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "engine/kernels/gemm.h"
#include "engine/routing/error.h"
#include "engine/training/checkpoint_op.h"
#include "engine/training/ops.h"
#include "engine/training/strategies/make_strategy.h"

namespace moescope {
namespace {

at::ScalarType computeType(const std::string& compute) {
    if (compute == "auto")
        return hasFastBf16() ? at::kBFloat16 : at::kFloat;
    if (compute == "bf16")
        return at::kBFloat16;
    if (compute == "f32")
        return at::kFloat;
    throw Error(ErrorCode::InvalidArgument, "compute type '" + compute + "' is not one of auto, f32, bf16");
}

at::Tensor rotaryTable(std::int64_t length, std::int64_t dim, double theta) {
    at::Tensor table = at::empty({length, dim}, at::kFloat);
    auto* out = table.data_ptr<float>();
    for (std::int64_t p = 0; p < length; ++p)
        for (std::int64_t i = 0; i < dim / 2; ++i) {
            const double angle = double(p) * std::pow(theta, -2.0 * double(i) / double(dim));
            out[p * dim + i] = float(std::cos(angle));
            out[p * dim + dim / 2 + i] = float(std::sin(angle));
        }
    return table;
}

void requireValid(const TrainConfig& c) {
    const auto require = [](bool ok, const std::string& what) {
        if (!ok)
            throw Error(ErrorCode::InvalidArgument, "training: " + what);
    };
    require(c.layers > 0 && c.width > 0 && c.ffn > 0 && c.context > 0,
            "layers, width, ffn and context must be positive");
    require(c.vocabulary > 1, "the vocabulary must hold at least two tokens");
    require(c.heads > 0 && c.width % (2 * c.heads) == 0, "the width must be an even multiple of the heads");
    require(c.kvHeads > 0 && c.heads % c.kvHeads == 0, "the heads must be a multiple of the key/value heads");
    require(c.experts > 0 && c.topK > 0 && c.topK <= c.experts, "top-k must lie between 1 and the experts");
    require(c.sharedExperts >= 0, "shared experts cannot be negative");
    require(c.batchTokens >= c.context, "a batch must hold at least one sequence (--batch-tokens >= --context)");
}

TrainConfig resolved(TrainConfig config) {
    if (config.kvHeads == 0)
        config.kvHeads = config.heads;
    requireValid(config);
    return config;
}

} // namespace

TrainModel::TrainModel(const TrainConfig& given)
    : m_config(resolved(given)), m_strategy(makeStrategy(m_config)), m_compute(computeType(given.compute)) {
    const TrainConfig& config = m_config;
    at::Generator generator = at::detail::createCPUGenerator(config.seed);
    const auto normal = [&](at::IntArrayRef shape, double deviation) {
        return at::empty(shape, at::kFloat).normal_(0.0, deviation, generator);
    };
    constexpr double deviation = 0.02;
    const double residual = deviation / std::sqrt(2.0 * config.layers);
    const std::int64_t width = config.width;
    const std::int64_t headDim = width / config.heads;
    m_cosSin = rotaryTable(config.context, headDim, double(config.ropeTheta));
    m_embedding = add("embedding", normal({config.vocabulary, width}, deviation), true);
    for (std::int32_t i = 0; i < config.layers; ++i) {
        const std::string at = "layers." + std::to_string(i) + ".";
        Layer layer;
        layer.attentionNorm = add(at + "attention_norm", at::ones({width}), false);
        layer.qkv = add(at + "qkv", normal({(config.heads + 2 * config.kvHeads) * headDim, width}, deviation), true);
        layer.output = add(at + "output", normal({width, width}, residual), true);
        layer.expertNorm = add(at + "expert_norm", at::ones({width}), false);
        layer.router = add(at + "router", normal({config.experts, width}, deviation), true);
        layer.gateUp = add(at + "gate_up", normal({config.experts, 2 * config.ffn, width}, deviation), true);
        layer.down = add(at + "down", normal({config.experts, width, config.ffn}, residual), true);
        if (config.sharedExperts > 0) {
            layer.sharedGateUp =
                add(at + "shared_gate_up", normal({config.sharedExperts, 2 * config.ffn, width}, deviation), true);
            layer.sharedDown =
                add(at + "shared_down", normal({config.sharedExperts, width, config.ffn}, residual), true);
        }
        if (m_strategy->noisy()) // zero, as in the paper: every token begins with the same noise
            layer.noise = add(at + "noise", at::zeros({config.experts, width}), true);
        m_layers.push_back(layer);
    }
    m_finalNorm = add("final_norm", at::ones({width}), false);
    m_head = config.tieEmbeddings ? m_embedding : add("head", normal({config.vocabulary, width}, deviation), true);
}

at::Tensor TrainModel::add(const std::string& name, at::Tensor value, bool decayed) {
    value.requires_grad_(true);
    m_parameters.push_back({name, value, decayed});
    return value;
}

at::Tensor TrainModel::attend(const Layer& layer, const at::Tensor& stream_NH) const {
    const AttentionShape shape{stream_NH.size(0) / m_config.context, m_config.context, m_config.heads, m_config.kvHeads,
                               m_config.width / m_config.heads};
    const at::Tensor x_NH = rmsNorm(stream_NH, layer.attentionNorm, double(m_config.normEps), m_compute);
    const at::Tensor qkv = linear(x_NH, layer.qkv, m_compute);
    return stream_NH + linear(causalAttention(qkv, m_cosSin, shape), layer.output, at::kFloat);
}

at::Tensor TrainModel::jittered(const at::Tensor& x_NH, std::size_t index, std::int64_t step) const {
    if (m_config.routerJitter <= 0)
        return x_NH;
    at::Generator generator = at::detail::createCPUGenerator(
        m_config.seed + 0x9E3779B97F4A7C15ULL * (std::uint64_t(step) * m_layers.size() + index + 1));
    const at::Tensor factor =
        at::empty(x_NH.sizes(), at::kFloat)
            .uniform_(1.0 - double(m_config.routerJitter), 1.0 + double(m_config.routerJitter), generator);
    return (x_NH * factor).to(x_NH.scalar_type());
}

at::Tensor TrainModel::mix(std::size_t index, const at::Tensor& stream_NH, std::int64_t step,
                           RoutedLayer& routed) const {
    const Layer& layer = m_layers[index];
    const at::Tensor x_NH = rmsNorm(stream_NH, layer.expertNorm, double(m_config.normEps), m_compute);
    const at::Tensor seen_NH = jittered(x_NH, index, step);
    const at::Tensor logits_NE = linear(seen_NH, layer.router, at::kFloat);
    const at::Tensor noise_NE = layer.noise.defined() ? linear(seen_NH, layer.noise, at::kFloat) : at::Tensor();
    RouterInput call;
    call.layer = std::int32_t(index);
    call.step = step;
    call.context = m_config.context;
    routed = routeTokens(*m_strategy, call, logits_NE, noise_NE);
    at::Tensor out_NH = stream_NH + mixtureOfExperts(x_NH, routed.ids_NS, routed.weights_NS, layer.gateUp, layer.down);
    if (m_config.sharedExperts > 0) {
        const std::int64_t tokens = x_NH.size(0);
        const at::Tensor all = at::arange(m_config.sharedExperts, at::kLong).expand({tokens, m_config.sharedExperts});
        out_NH = out_NH + mixtureOfExperts(x_NH, all, at::ones({tokens, m_config.sharedExperts}), layer.sharedGateUp,
                                           layer.sharedDown);
    }
    return out_NH;
}

at::Tensor TrainModel::runLayer(std::size_t index, const at::Tensor& stream_NH, std::int64_t step,
                                RoutedLayer& routed) const {
    return mix(index, attend(m_layers[index], stream_NH), step, routed);
}

TrainModel::Result TrainModel::forward(const at::Tensor& inputs, const at::Tensor& targets, std::int64_t step) const {
    Result result;
    result.routing.resize(m_layers.size());
    at::Tensor stream_NH = embed(m_embedding, inputs);
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        RoutedLayer& routed = result.routing[i];
        if (!m_config.checkpointActivations) {
            stream_NH = runLayer(i, stream_NH, step, routed);
            continue;
        }
        stream_NH = checkpointed(stream_NH, [this, i, step, &routed](const at::Tensor& x) {
            return runLayer(i, x, step, routed); // run again in the backward pass: the same routing
        });
    }
    const at::Tensor last_NH = rmsNorm(stream_NH, m_finalNorm, double(m_config.normEps), m_compute);
    result.loss = headCrossEntropy(last_NH, m_head, targets);
    return result;
}

} // namespace moescope
