#include "engine/checkpoint/common_config.h"
#include "engine/checkpoint/families/family.h"

namespace moescope {

// Granite 3 MoE (IBM; the experts are those of ScatterMoE, arXiv 2403.08245): top-k on logits, softmax over the k;
// embeddings, attention scores and what layers add are multiplied by constants, logits divided by one.
ModelConfig readGraniteMoe(const ConfigReader& config) {
    requireSilu(config);
    ModelConfig model = readCommonConfig(config);
    model.expertIntermediate = config.size("intermediate_size", kLargestWidth);
    model.attention.rope = readRopeConfig(config, 10000.0);
    model.attention.scale = config.positive("attention_multiplier", 1.0);
    model.attention.qkvBias = model.attention.outputBias = config.flag("attention_bias", false);
    model.embeddingMultiplier = float(config.positive("embedding_multiplier", 1.0));
    model.residualMultiplier = float(config.positive("residual_multiplier", 1.0));
    model.logitsDivisor = float(config.positive("logits_scaling", 1.0));
    MoeConfig gate = readGate(config, "num_local_experts", "num_experts_per_tok");
    gate.score = ScoreFunction::SoftmaxOverChosen;
    model.moeLayers = everyLayer(model, gate);
    const std::string block = "model.layers.{L}.block_sparse_moe.";
    model.names.router = block + "router.layer.weight";
    model.names.packedGateUp = block + "input_linear.weight";
    model.names.packedDown = block + "output_linear.weight";
    model.names.expertGate = model.names.expertUp = model.names.expertDown = ""; // always packed
    return model;
}

} // namespace moescope
