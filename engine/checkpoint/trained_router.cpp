#include "engine/checkpoint/trained_router.h"

#include "engine/checkpoint/common_config.h"

namespace moescope {

namespace {

ScoreFunction readScore(const ConfigReader& router) {
    const std::string name = router.text("score", "softmax");
    if (name == "softmax")
        return ScoreFunction::Softmax;
    if (name == "sigmoid")
        return ScoreFunction::Sigmoid;
    router.unsupported("score \"" + name + "\" is not known; softmax and sigmoid are");
}

void readGroups(const ConfigReader& router, MoeConfig& gate) {
    const std::string name = router.text("group_score", "none");
    if (name == "none")
        return;
    if (name != "max" && name != "top_two_sum")
        router.unsupported("group_score \"" + name + "\" is not known; max and top_two_sum are");
    gate.groupScore = name == "max" ? GroupScore::Max : GroupScore::TopTwoSum;
    gate.groups = router.size("groups", gate.experts);
    gate.topkGroups = router.size("topk_groups", gate.groups);
}

} // namespace

void readTrainedRouter(const ConfigReader& config, ModelConfig& model) {
    const auto router = config.object("moescope_router");
    if (!router)
        return;
    const bool expertChoice = router->flag("expert_choice", false);
    for (MoeLayerInfo& layer : model.moeLayers) {
        layer.moe.score = readScore(*router);
        layer.moe.renormalize = router->flag("renormalize", true);
        readGroups(*router, layer.moe);
        if (expertChoice) { // a token can have every expert: so many slots
            model.expertChoice = layer.moe.topK;
            layer.moe.topK = layer.moe.experts;
        }
    }
    model.selectionBias = router->flag("selection_bias", false);
    const std::string block = "model.layers.{L}.block_sparse_moe.";
    model.names.selectionBias = block + "gate.e_score_correction_bias";
    model.sharedIntermediate = std::int32_t(router->integer("shared_experts", 0, 64, 0)) * model.expertIntermediate;
    model.names.sharedGate = block + "shared_expert.w1.weight";
    model.names.sharedUp = block + "shared_expert.w3.weight";
    model.names.sharedDown = block + "shared_expert.w2.weight";
}

} // namespace moescope
