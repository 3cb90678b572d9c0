#pragma once

#include <cstdint>
#include <string>

namespace moescope {

// How a family's checkpoints name their tensors: "{L}" stands for the layer, "{E}" for the expert; empty where the
// family has no such tensor.
struct WeightNames {
    std::string embedding = "model.embed_tokens.weight";
    std::string finalNorm = "model.norm.weight";
    std::string head = "lm_head.weight";

    std::string layerPrefix = "model.layers.{L}."; // of everything in a layer
    std::string inputNorm = "model.layers.{L}.input_layernorm.weight";
    std::string postAttentionNorm = "model.layers.{L}.post_attention_layernorm.weight";
    std::string query = "model.layers.{L}.self_attn.q_proj.weight";
    std::string key = "model.layers.{L}.self_attn.k_proj.weight";
    std::string value = "model.layers.{L}.self_attn.v_proj.weight";
    std::string output = "model.layers.{L}.self_attn.o_proj.weight";

    std::string router = "model.layers.{L}.mlp.gate.weight";
    std::string expertGate = "model.layers.{L}.mlp.experts.{E}.gate_proj.weight";
    std::string expertUp = "model.layers.{L}.mlp.experts.{E}.up_proj.weight";
    std::string expertDown = "model.layers.{L}.mlp.experts.{E}.down_proj.weight";
    // All experts of a layer in one tensor: [experts, 2 x intermediate, hidden] and [experts, hidden, intermediate].
    std::string packedGateUp = "model.layers.{L}.mlp.experts.gate_up_proj";
    std::string packedDown = "model.layers.{L}.mlp.experts.down_proj";
};

// The pattern with its layer, and expert, filled in.
std::string weightName(const std::string& pattern, std::int32_t layer, std::int32_t expert = 0);

} // namespace moescope
