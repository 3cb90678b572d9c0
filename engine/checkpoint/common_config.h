#pragma once

#include "engine/checkpoint/config_reader.h"
#include "engine/checkpoint/model_config.h"

namespace moescope {

// What nearly every family states under the same keys, without attention.
ModelConfig readModelConfig(const ConfigReader& config);
// The same with grouped-query attention, but no rotary embedding.
ModelConfig readCommonConfig(const ConfigReader& config);

// rope_theta with rope_scaling (`type` or `rope_type`), or rope_parameters; `defaultTheta` is the family's.
RopeConfig readRopeConfig(const ConfigReader& config, double defaultTheta);

// The window of `sliding_window` where `layer_types` lets it apply, else in the layers where `otherwise` says so.
void readWindow(const ConfigReader& config, AttentionConfig& attention, bool (*otherwise)(std::int32_t layer));

// `torch_dtype` or `dtype`: what the weights are stored as, quantised ones aside.
DType readDType(const ConfigReader& config);

// The same gate in every layer of `config`.
std::vector<MoeLayerInfo> everyLayer(const ModelConfig& config, const MoeConfig& gate);
// In the layers that Qwen's keys `decoder_sparse_step` and `mlp_only_layers` name.
std::vector<MoeLayerInfo> sparseLayers(const ConfigReader& config, const ModelConfig& model, const MoeConfig& gate);

// Where a layer's dense block and its shared expert are: `block` + "gate_proj.weight" and so on.
void nameShared(WeightNames& names, const std::string& block);

// Throws unless the activation is the only one the family's published models use.
void requireSilu(const ConfigReader& config);

// The keys `experts` and `topK` name; checks topK <= experts.
MoeConfig readGate(const ConfigReader& config, const char* experts, const char* topK);

// Limits beyond which a value is a mistake, not a model.
inline constexpr std::int64_t kLargestWidth = 1 << 20;
inline constexpr std::int64_t kLargestLayers = 1 << 14;
inline constexpr std::int64_t kLargestExperts = 0xFFFE; // ids are stored in 16 bits
inline constexpr std::int64_t kLargestVocabulary = 1 << 26;

} // namespace moescope
