#include "engine/checkpoint/common_config.h"

#include <algorithm>
#include <cmath>

namespace moescope {

DType readDType(const ConfigReader& config) {
    const std::string name = config.text("torch_dtype", config.text("dtype", "float32"));
    if (name == "float32")
        return DType::F32;
    if (name == "bfloat16")
        return DType::BF16;
    if (name == "float16")
        return DType::F16;
    config.unsupported("dtype " + name + " is not supported; float32, bfloat16 and float16 are");
}

namespace {

AttentionConfig readAttention(const ConfigReader& config, std::int32_t hidden) {
    AttentionConfig attention;
    attention.heads = config.size("num_attention_heads", kLargestWidth);
    attention.kvHeads = config.size("num_key_value_heads", kLargestWidth, attention.heads);
    if (attention.heads % attention.kvHeads != 0)
        config.reject("num_key_value_heads", "must divide num_attention_heads");
    if (!config.has("head_dim") && hidden % attention.heads != 0)
        config.reject("num_attention_heads", "must divide hidden_size");
    attention.headDim = config.size("head_dim", 4096, std::max(1, hidden / attention.heads));
    if (attention.headDim % 2 != 0)
        config.reject("head_dim", "must be even");
    attention.valueDim = attention.headDim;
    attention.scale = 1.0 / std::sqrt(double(attention.headDim));
    return attention;
}

RopeConfig::Kind ropeKind(const ConfigReader& scaling) {
    const std::string name = scaling.text("rope_type", scaling.text("type", "default"));
    if (name == "default")
        return RopeConfig::Kind::Default;
    if (name == "linear")
        return RopeConfig::Kind::Linear;
    if (name == "dynamic")
        return RopeConfig::Kind::DynamicNtk;
    if (name == "yarn")
        return RopeConfig::Kind::Yarn;
    if (name == "longrope" || name == "su")
        return RopeConfig::Kind::LongRope;
    if (name == "llama3")
        return RopeConfig::Kind::Llama3;
    scaling.unsupported("rope type \"" + name + "\" is not supported");
}

void readScaling(const ConfigReader& scaling, RopeConfig& rope) {
    rope.kind = ropeKind(scaling);
    rope.theta = scaling.positive("rope_theta", rope.theta);
    rope.factor = scaling.positive("factor", 1.0);
    rope.partialRotary = scaling.positive("partial_rotary_factor", rope.partialRotary);
    rope.originalMaxPosition =
        scaling.integer("original_max_position_embeddings", 1, INT32_MAX, rope.originalMaxPosition);
    rope.lowFreqFactor = scaling.positive("low_freq_factor", rope.lowFreqFactor);
    rope.highFreqFactor = scaling.positive("high_freq_factor", rope.highFreqFactor);
    rope.betaFast = scaling.positive("beta_fast", rope.betaFast);
    rope.betaSlow = scaling.positive("beta_slow", rope.betaSlow);
    rope.mscale = scaling.number("mscale");
    rope.mscaleAllDim = scaling.number("mscale_all_dim").value_or(0.0);
    rope.truncate = scaling.flag("truncate", true);
    rope.attentionFactor = scaling.number("attention_factor");
    rope.shortFactor = scaling.numbers("short_factor");
    rope.longFactor = scaling.numbers("long_factor");
    rope.shortMscale = scaling.number("short_mscale");
    rope.longMscale = scaling.number("long_mscale");
}

} // namespace

RopeConfig readRopeConfig(const ConfigReader& config, double defaultTheta) {
    RopeConfig rope;
    rope.maxPosition = config.integer("max_position_embeddings", 1, INT32_MAX, 0);
    rope.theta = config.positive("rope_theta", defaultTheta);
    rope.partialRotary = config.positive("partial_rotary_factor", 1.0);
    rope.originalMaxPosition = config.integer("original_max_position_embeddings", 1, INT32_MAX, rope.maxPosition);
    if (const auto scaling = config.object("rope_scaling"))
        readScaling(*scaling, rope);
    else if (const auto parameters = config.object("rope_parameters"))
        readScaling(*parameters, rope);
    if (rope.partialRotary > 1.0)
        config.reject("partial_rotary_factor", "must not exceed 1");
    return rope;
}

namespace {

void readQuantization(const ConfigReader& config, ModelConfig& model) {
    const auto quantization = config.object("quantization_config");
    if (!quantization)
        return;
    const std::string method = quantization->text("quant_method", "");
    if (method != "fp8" && method != "mxfp4")
        quantization->unsupported("weights quantised by \"" + method +
                                  "\" are not read; fp8 in blocks and mxfp4 are. Take the model's unquantised weights");
    if (!config.has("torch_dtype") && !config.has("dtype"))
        model.dtype = DType::BF16; // what the others are stored in
    const std::vector<double> block = quantization->numbers("weight_block_size");
    if (block.empty())
        return;
    if (block.size() != 2 ||
        !(block[0] >= 1 && block[0] <= kLargestWidth && block[1] >= 1 && block[1] <= kLargestWidth))
        quantization->reject("weight_block_size", "must be a pair of sizes");
    model.scaleBlockRows = std::int32_t(block[0]);
    model.scaleBlockColumns = std::int32_t(block[1]);
}

} // namespace

ModelConfig readModelConfig(const ConfigReader& config) {
    ModelConfig model;
    model.modelType = config.text("model_type", "");
    model.hidden = config.size("hidden_size", kLargestWidth);
    model.layers = config.size("num_hidden_layers", kLargestLayers);
    model.vocabulary = config.size("vocab_size", kLargestVocabulary);
    model.normEps = float(config.positive("rms_norm_eps", 1e-6));
    model.tieEmbeddings = config.flag("tie_word_embeddings", false);
    model.maxPosition = config.integer("max_position_embeddings", 1, INT32_MAX, 0);
    if (const auto bos = config.tokenIds("bos_token_id"); !bos.empty())
        model.bos = bos.front();
    model.eos = config.tokenIds("eos_token_id");
    model.dtype = readDType(config);
    readQuantization(config, model);
    return model;
}

ModelConfig readCommonConfig(const ConfigReader& config) {
    ModelConfig model = readModelConfig(config);
    model.attention = readAttention(config, model.hidden);
    return model;
}

void readWindow(const ConfigReader& config, AttentionConfig& attention, bool (*otherwise)(std::int32_t layer)) {
    if (!config.has("sliding_window"))
        return;
    attention.slidingWindow = config.size("sliding_window", INT32_MAX);
    const std::int32_t layers = config.size("num_hidden_layers", kLargestLayers);
    const std::vector<std::string> types = config.texts("layer_types");
    if (!types.empty() && types.size() != std::size_t(layers))
        config.reject("layer_types", "must name a type for each layer");
    for (std::int32_t layer = 0; layer < layers; ++layer)
        attention.windowed.push_back(types.empty() ? otherwise(layer)
                                                   : types[std::size_t(layer)] == "sliding_attention");
}

void nameShared(WeightNames& names, const std::string& block) {
    names.sharedGate = block + "gate_proj.weight";
    names.sharedUp = block + "up_proj.weight";
    names.sharedDown = block + "down_proj.weight";
}

void requireSilu(const ConfigReader& config) {
    const std::string activation = config.text("hidden_act", "silu");
    if (activation != "silu" && activation != "swish")
        config.unsupported("activation \"" + activation + "\" is not supported in this family; silu is");
}

MoeConfig readGate(const ConfigReader& config, const char* experts, const char* topK) {
    MoeConfig gate;
    gate.experts = config.size(experts, kLargestExperts);
    gate.topK = config.size(topK, kLargestExperts);
    if (gate.topK > gate.experts)
        config.reject(topK, "exceeds " + std::string(experts));
    return gate;
}

std::vector<MoeLayerInfo> sparseLayers(const ConfigReader& config, const ModelConfig& model, const MoeConfig& gate) {
    const std::int64_t step = config.integer("decoder_sparse_step", 1, kLargestLayers, 1);
    const std::vector<std::int32_t> dense = config.tokenIds("mlp_only_layers");
    std::vector<MoeLayerInfo> layers;
    for (std::int32_t layer = 0; layer < model.layers; ++layer)
        if ((layer + 1) % step == 0 && std::find(dense.begin(), dense.end(), layer) == dense.end())
            layers.push_back({LayerId(layer), gate, {}});
    if (layers.empty())
        config.unsupported("no layer of this model has experts; there is no routing to look at");
    return layers;
}

std::vector<MoeLayerInfo> everyLayer(const ModelConfig& config, const MoeConfig& gate) {
    std::vector<MoeLayerInfo> layers;
    layers.reserve(std::size_t(config.layers));
    for (std::int32_t layer = 0; layer < config.layers; ++layer)
        layers.push_back({LayerId(layer), gate, {}});
    return layers;
}

} // namespace moescope
