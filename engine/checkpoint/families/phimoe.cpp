#include "engine/checkpoint/common_config.h"
#include "engine/checkpoint/families/family.h"

namespace moescope {

// Phi-3.5-MoE (arXiv 2404.14219): SparseMixer routing, also at inference, so that the two weights do not sum to 1;
// layer norms with a bias; biases in attention and head; LongRoPE.
ModelConfig readPhimoe(const ConfigReader& config) {
    requireSilu(config);
    ModelConfig model = readCommonConfig(config);
    model.expertIntermediate = config.size("intermediate_size", kLargestWidth);
    model.norm = NormKind::Layer;
    model.normEps = float(config.positive("rms_norm_eps", 1e-5));
    model.headBias = config.flag("lm_head_bias", false);
    model.attention.rope = readRopeConfig(config, 1e6);
    model.attention.qkvBias = model.attention.outputBias = config.flag("attention_bias", false);
    readWindow(config, model.attention, [](std::int32_t) { return true; });
    MoeConfig gate = readGate(config, "num_local_experts", "num_experts_per_tok");
    gate.score = ScoreFunction::SparseMixer;
    gate.renormalize = false;
    gate.jitter = float(config.number("router_jitter_noise").value_or(0.01));
    model.moeLayers = everyLayer(model, gate);
    const std::string block = "model.layers.{L}.block_sparse_moe.";
    model.names.router = block + "gate.weight";
    model.names.expertGate = block + "experts.{E}.w1.weight";
    model.names.expertUp = block + "experts.{E}.w3.weight";
    model.names.expertDown = block + "experts.{E}.w2.weight";
    return model;
}

} // namespace moescope
