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
    std::string queryNorm = "model.layers.{L}.self_attn.q_norm.weight";
    std::string keyNorm = "model.layers.{L}.self_attn.k_norm.weight";
    std::string sinks = "model.layers.{L}.self_attn.sinks";
    std::string relativeBias; // [buckets, heads], shared by all layers
    std::string crossNorm, crossQuery, crossKey, crossValue, crossOutput;
    // Latent attention: down to the low rank, its norm, up to the heads.
    std::string queryDown = "model.layers.{L}.self_attn.q_a_proj.weight";
    std::string queryDownNorm = "model.layers.{L}.self_attn.q_a_layernorm.weight";
    std::string queryUp = "model.layers.{L}.self_attn.q_b_proj.weight";
    std::string kvDown = "model.layers.{L}.self_attn.kv_a_proj_with_mqa.weight";
    std::string kvDownNorm = "model.layers.{L}.self_attn.kv_a_layernorm.weight";
    std::string kvUp = "model.layers.{L}.self_attn.kv_b_proj.weight";

    std::string router = "model.layers.{L}.mlp.gate.weight";
    std::string selectionBias = "model.layers.{L}.mlp.gate.e_score_correction_bias";
    std::string expertGate = "model.layers.{L}.mlp.experts.{E}.gate_proj.weight";
    std::string expertUp = "model.layers.{L}.mlp.experts.{E}.up_proj.weight";
    std::string expertDown = "model.layers.{L}.mlp.experts.{E}.down_proj.weight";
    // All experts of a layer in one tensor each; biases and block scales have a suffix.
    std::string packedGateUp = "model.layers.{L}.mlp.experts.gate_up_proj";
    std::string packedDown = "model.layers.{L}.mlp.experts.down_proj";
    std::string sharedGate, sharedUp, sharedDown;
    std::string sharedScore;
    std::string denseGate = "model.layers.{L}.mlp.gate_proj.weight";
    std::string denseUp = "model.layers.{L}.mlp.up_proj.weight";
    std::string denseDown = "model.layers.{L}.mlp.down_proj.weight";
};

// The pattern with its layer, and expert, filled in.
std::string weightName(const std::string& pattern, std::int32_t layer, std::int32_t expert = 0);

// The bias beside a weight: "q_proj.weight" -> "q_proj.bias", "gate_up_proj" -> "gate_up_proj_bias".
std::string biasName(const std::string& weight);

} // namespace moescope
