#include "engine/checkpoint/common_config.h"
#include "engine/checkpoint/families/family.h"

namespace moescope {

// OLMoE (Muennighoff et al., arXiv 2409.02060): queries and keys are normalised over the whole projection, then
// limited together with the values, then rotated; weights are not renormalised unless norm_topk_prob says so.
ModelConfig readOlmoe(const ConfigReader& config) {
    requireSilu(config);
    ModelConfig model = readCommonConfig(config);
    model.expertIntermediate = config.size("intermediate_size", kLargestWidth);
    model.normEps = float(config.positive("rms_norm_eps", 1e-5));
    model.attention.rope = readRopeConfig(config, 10000.0);
    model.attention.qkNorm = QkNorm::Projection;
    model.attention.qkvBias = model.attention.outputBias = config.flag("attention_bias", false);
    if (config.has("clip_qkv"))
        model.attention.clip = config.positive("clip_qkv", 0);
    MoeConfig gate = readGate(config, "num_experts", "num_experts_per_tok");
    gate.score = ScoreFunction::Softmax;
    gate.renormalize = config.flag("norm_topk_prob", false);
    model.moeLayers = everyLayer(model, gate);
    return model;
}

} // namespace moescope
