#pragma once

#include "engine/checkpoint/config_reader.h"
#include "engine/checkpoint/model_config.h"

namespace moescope {

// What nearly every family states under the same keys.
ModelConfig readCommonConfig(const ConfigReader& config);

// rope_theta with rope_scaling (`type` or `rope_type`), or rope_parameters; `defaultTheta` is the family's.
RopeConfig readRopeConfig(const ConfigReader& config, double defaultTheta);

// The same gate in every layer of `config`.
std::vector<MoeLayerInfo> everyLayer(const ModelConfig& config, const MoeConfig& gate);

// The keys `experts` and `topK` name; checks topK <= experts.
MoeConfig readGate(const ConfigReader& config, const char* experts, const char* topK);

// Limits beyond which a value is a mistake, not a model.
inline constexpr std::int64_t kLargestWidth = 1 << 20;
inline constexpr std::int64_t kLargestLayers = 1 << 14;
inline constexpr std::int64_t kLargestExperts = 0xFFFE; // ids are stored in 16 bits
inline constexpr std::int64_t kLargestVocabulary = 1 << 26;

} // namespace moescope
