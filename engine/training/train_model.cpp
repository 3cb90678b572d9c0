#include "engine/training/train_model.h"

#include <cmath>
#include <tuple>

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "engine/kernels/gemm.h"
#include "engine/routing/error.h"
#include "engine/training/ops.h"

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
    require(c.batchTokens >= c.context, "a batch must hold at least one sequence (--batch-tokens >= --context)");
}

TrainConfig resolved(TrainConfig config) {
    if (config.kvHeads == 0)
        config.kvHeads = config.heads;
    requireValid(config);
    return config;
}

} // namespace

TrainModel::TrainModel(const TrainConfig& given) : m_config(resolved(given)), m_compute(computeType(given.compute)) {
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

TrainModel::Result TrainModel::forward(const at::Tensor& inputs, const at::Tensor& targets) const {
    const std::int64_t headDim = m_config.width / m_config.heads;
    const AttentionShape shape{inputs.size(0) / m_config.context, m_config.context, m_config.heads, m_config.kvHeads,
                               headDim};
    const double epsilon = double(m_config.normEps);
    Result result;
    at::Tensor stream_NH = embed(m_embedding, inputs);
    for (const Layer& layer : m_layers) {
        const at::Tensor qkv =
            linear(rmsNorm(stream_NH, layer.attentionNorm, epsilon, m_compute), layer.qkv, m_compute);
        stream_NH = stream_NH + linear(causalAttention(qkv, m_cosSin, shape), layer.output, at::kFloat);
        const at::Tensor x_NH = rmsNorm(stream_NH, layer.expertNorm, epsilon, m_compute);
        const at::Tensor logits_NE = linear(x_NH, layer.router, at::kFloat);
        const at::Tensor probs_NE = at::softmax(logits_NE, -1);
        const auto top = at::topk(probs_NE.detach(), m_config.topK, -1);
        const at::Tensor ids_NK = std::get<1>(top);
        const at::Tensor chosen_NK = probs_NE.gather(1, ids_NK);
        const at::Tensor weights_NK = chosen_NK / chosen_NK.sum(-1, true);
        stream_NH = stream_NH + mixtureOfExperts(x_NH, ids_NK, weights_NK, layer.gateUp, layer.down);
        result.routerLogits.push_back(logits_NE);
        result.ids.push_back(ids_NK);
    }
    result.loss = headCrossEntropy(rmsNorm(stream_NH, m_finalNorm, epsilon, m_compute), m_head, targets);
    return result;
}

} // namespace moescope
