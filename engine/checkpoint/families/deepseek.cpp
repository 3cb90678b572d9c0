#include <algorithm>
#include <cmath>

#include "engine/checkpoint/common_config.h"
#include "engine/checkpoint/families/family.h"

namespace moescope {

namespace {

double yarnScale(double factor, double mscale) {
    return factor > 1 ? 0.1 * mscale * std::log(factor) + 1.0 : 1.0;
}

// Each head's query and key are a part without position beside a rotated part. As DeepSeek's own code has it, YaRN
// multiplies cosines and sines by m(mscale) / m(mscale_all_dim), m(s) = 0.1 s ln(factor) + 1, where mscale is 1 and
// mscale_all_dim 0 unless stated, and the scores by m(mscale_all_dim)^2 where that is stated and not 0.
AttentionConfig readLatentAttention(const ConfigReader& config) {
    AttentionConfig attention;
    LatentConfig latent;
    latent.queryRank = config.has("q_lora_rank") ? config.size("q_lora_rank", kLargestWidth) : 0;
    latent.kvRank = config.size("kv_lora_rank", kLargestWidth);
    latent.nopeDim = config.size("qk_nope_head_dim", 4096);
    latent.ropeDim = config.size("qk_rope_head_dim", 4096);
    if (latent.ropeDim % 2 != 0)
        config.reject("qk_rope_head_dim", "must be even");
    attention.heads = attention.kvHeads = config.size("num_attention_heads", kLargestWidth);
    attention.headDim = latent.nopeDim + latent.ropeDim;
    attention.valueDim = config.size("v_head_dim", 4096);
    attention.latent = latent;
    attention.rope = readRopeConfig(config, 10000.0);
    attention.rope.interleaved = config.flag("rope_interleave", true);
    attention.scale = 1.0 / std::sqrt(double(attention.headDim));
    RopeConfig& rope = attention.rope;
    const double scoreScale = yarnScale(rope.factor, rope.mscaleAllDim);
    if (rope.kind != RopeConfig::Kind::Default)
        attention.scale *= scoreScale * scoreScale;
    if (rope.kind == RopeConfig::Kind::Yarn && !rope.attentionFactor)
        rope.attentionFactor = yarnScale(rope.factor, rope.mscale.value_or(1.0)) / scoreScale;
    attention.qkvBias = attention.outputBias = config.flag("attention_bias", false);
    return attention;
}

std::vector<MoeLayerInfo> layersFrom(const ConfigReader& config, const ModelConfig& model, const MoeConfig& gate) {
    const std::int64_t first = config.integer("first_k_dense_replace", 0, kLargestLayers, 0);
    const std::int64_t step = config.integer("moe_layer_freq", 1, kLargestLayers, 1);
    std::vector<MoeLayerInfo> layers;
    for (std::int32_t layer = 0; layer < model.layers; ++layer)
        if (layer >= first && layer % step == 0)
            layers.push_back({LayerId(layer), gate, {}});
    if (layers.empty())
        config.unsupported("no layer of this model has experts; there is no routing to look at");
    return layers;
}

void readGroups(const ConfigReader& config, GroupScore score, MoeConfig& gate) {
    gate.groups = config.size("n_group", kLargestExperts, 1);
    gate.topkGroups = config.size("topk_group", kLargestExperts, 1);
    if (gate.experts % gate.groups != 0)
        config.reject("n_group", "must divide n_routed_experts");
    if (gate.topkGroups > gate.groups)
        config.reject("topk_group", "exceeds n_group");
    if (gate.topK > gate.topkGroups * (gate.experts / gate.groups))
        config.reject("num_experts_per_tok", "is more than the chosen groups hold");
    if (gate.groups > 1)
        gate.groupScore = score;
}

ModelConfig readDeepseek(const ConfigReader& config) {
    requireSilu(config);
    ModelConfig model = readModelConfig(config);
    model.attention = readLatentAttention(config);
    model.expertIntermediate = config.size("moe_intermediate_size", kLargestWidth);
    model.denseIntermediate = config.size("intermediate_size", kLargestWidth);
    model.mlpBias = config.flag("mlp_bias", false);
    const std::int64_t shared = config.integer("n_shared_experts", 0, 1024, 0);
    model.sharedIntermediate = std::int32_t(std::min<std::int64_t>(shared * model.expertIntermediate, INT32_MAX));
    nameShared(model.names, "model.layers.{L}.mlp.shared_experts.");
    return model;
}

} // namespace

// DeepSeek-V2 (arXiv 2405.04434): softmax scores, not renormalised (no published model sets norm_topk_prob, and the
// reference pays it no heed); group_limited_greedy keeps the groups whose best expert scores highest.
ModelConfig readDeepseekV2(const ConfigReader& config) {
    ModelConfig model = readDeepseek(config);
    MoeConfig gate = readGate(config, "n_routed_experts", "num_experts_per_tok");
    gate.score = ScoreFunction::Softmax;
    gate.renormalize = false;
    gate.scale = float(config.positive("routed_scaling_factor", 1.0));
    const std::string method = config.text("topk_method", "greedy");
    if (method == "group_limited_greedy")
        readGroups(config, GroupScore::Max, gate);
    else if (method != "greedy")
        config.unsupported("topk_method \"" + method + "\" is not known in DeepSeek-V2");
    model.moeLayers = layersFrom(config, model, gate);
    return model;
}

// DeepSeek-V3 and R1 (arXiv 2412.19437), Moonlight: sigmoid scores; experts are chosen by score + correction bias,
// groups by the sum of their two best; weights are the scores without the bias, renormalised, then scaled.
ModelConfig readDeepseekV3(const ConfigReader& config) {
    ModelConfig model = readDeepseek(config);
    MoeConfig gate = readGate(config, "n_routed_experts", "num_experts_per_tok");
    if (config.text("scoring_func", "sigmoid") != "sigmoid")
        config.unsupported("scoring_func \"" + config.text("scoring_func", "") + "\" is not known in DeepSeek-V3");
    gate.score = ScoreFunction::Sigmoid;
    gate.renormalize = config.flag("norm_topk_prob", true);
    gate.scale = float(config.positive("routed_scaling_factor", 1.0));
    readGroups(config, GroupScore::TopTwoSum, gate);
    model.selectionBias = true;
    model.moeLayers = layersFrom(config, model, gate);
    return model;
}

} // namespace moescope
