#include "engine/checkpoint/common_config.h"
#include "engine/checkpoint/families/family.h"
#include "engine/checkpoint/trained_router.h"

namespace moescope {

// Mixtral of Experts (Jiang et al. 2024): softmax over all experts, top-k, renormalised; w1 gate, w3 up, w2 down.
ModelConfig readMixtral(const ConfigReader& config) {
    requireSilu(config);
    ModelConfig model = readCommonConfig(config);
    model.expertIntermediate = config.size("intermediate_size", kLargestWidth);
    model.normEps = float(config.positive("rms_norm_eps", 1e-5));
    model.attention.rope = readRopeConfig(config, 1e6);
    readWindow(config, model.attention, [](std::int32_t) { return true; });
    MoeConfig gate = readGate(config, "num_local_experts", "num_experts_per_tok");
    gate.score = ScoreFunction::Softmax;
    gate.renormalize = true;
    model.moeLayers = everyLayer(model, gate);

    const std::string block = "model.layers.{L}.block_sparse_moe.";
    model.names.router = block + "gate.weight";
    model.names.expertGate = block + "experts.{E}.w1.weight";
    model.names.expertUp = block + "experts.{E}.w3.weight";
    model.names.expertDown = block + "experts.{E}.w2.weight";
    readTrainedRouter(config, model);
    return model;
}

} // namespace moescope
