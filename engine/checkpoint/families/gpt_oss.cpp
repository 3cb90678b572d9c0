#include "engine/checkpoint/common_config.h"
#include "engine/checkpoint/families/family.h"

namespace moescope {

// gpt-oss (arXiv 2508.10925): the k largest of biased logits, softmax over those; biases everywhere; every other layer
// sees a window; a sink in each head's softmax; experts with a clamped SwiGLU, gate and up in alternating columns.
ModelConfig readGptOss(const ConfigReader& config) {
    requireSilu(config);
    ModelConfig model = readCommonConfig(config);
    model.expertIntermediate = config.size("intermediate_size", kLargestWidth);
    model.normEps = float(config.positive("rms_norm_eps", 1e-5));
    model.attention.rope = readRopeConfig(config, 150000.0);
    model.attention.qkvBias = model.attention.outputBias = config.flag("attention_bias", true);
    model.attention.sinks = true;
    readWindow(config, model.attention, [](std::int32_t layer) { return layer % 2 == 0; });
    model.activation = ExpertActivation::ClampedSwiGlu;
    model.activationLimit = float(config.positive("swiglu_limit", 7.0));
    model.routerBias = model.expertBias = true;
    model.packedLayout = PackedLayout::Interleaved;
    MoeConfig gate = readGate(config, "num_local_experts", "num_experts_per_tok");
    gate.score = ScoreFunction::SoftmaxOverChosen;
    model.moeLayers = everyLayer(model, gate);
    model.names.router = "model.layers.{L}.mlp.router.weight";
    model.names.expertGate = model.names.expertUp = model.names.expertDown = ""; // always packed
    return model;
}

} // namespace moescope
