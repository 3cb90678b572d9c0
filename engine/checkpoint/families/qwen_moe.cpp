#include "engine/checkpoint/common_config.h"
#include "engine/checkpoint/families/family.h"

namespace moescope {

namespace {

// Softmax over all experts, top-k, renormalised only where norm_topk_prob says so; some layers may be dense.
ModelConfig readQwen(const ConfigReader& config) {
    requireSilu(config);
    ModelConfig model = readCommonConfig(config);
    model.expertIntermediate = config.size("moe_intermediate_size", kLargestWidth);
    model.denseIntermediate = config.size("intermediate_size", kLargestWidth);
    model.attention.rope = readRopeConfig(config, 10000.0);
    MoeConfig gate = readGate(config, "num_experts", "num_experts_per_tok");
    gate.score = ScoreFunction::Softmax;
    gate.renormalize = config.flag("norm_topk_prob", false);
    model.moeLayers = sparseLayers(config, model, gate);
    return model;
}

} // namespace

// Qwen1.5-MoE and Qwen2-MoE (arXiv 2407.10671): biases on queries, keys and values; a shared expert beside the routed
// ones, weighted by a sigmoid. The window applies from layer max_window_layers on.
ModelConfig readQwen2Moe(const ConfigReader& config) {
    ModelConfig model = readQwen(config);
    model.attention.qkvBias = config.flag("qkv_bias", true);
    if (config.flag("use_sliding_window", false)) {
        readWindow(config, model.attention, [](std::int32_t) { return true; });
        const std::int64_t first = config.integer("max_window_layers", 0, kLargestLayers, 28);
        for (std::size_t layer = 0; layer < model.attention.windowed.size() && !config.has("layer_types"); ++layer)
            model.attention.windowed[layer] = std::int64_t(layer) >= first;
    }
    model.sharedIntermediate = config.size("shared_expert_intermediate_size", kLargestWidth);
    model.sharedScore = true;
    nameShared(model.names, "model.layers.{L}.mlp.shared_expert.");
    model.names.sharedScore = "model.layers.{L}.mlp.shared_expert_gate.weight";
    return model;
}

// Qwen3-MoE (arXiv 2505.09388): queries and keys are normalised head by head before the rotary embedding.
ModelConfig readQwen3Moe(const ConfigReader& config) {
    ModelConfig model = readQwen(config);
    model.attention.qkNorm = QkNorm::Head;
    model.attention.qkvBias = model.attention.outputBias = config.flag("attention_bias", false);
    if (config.flag("use_sliding_window", false))
        readWindow(config, model.attention, [](std::int32_t) { return true; });
    return model;
}

} // namespace moescope
