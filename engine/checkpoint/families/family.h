#pragma once

#include <span>
#include <string_view>

#include "engine/checkpoint/config_reader.h"
#include "engine/checkpoint/model_config.h"

namespace moescope {

// A model family is a page of code that maps its config.json and tensor names onto ModelConfig.
struct Family {
    std::string_view modelType; // config.json's "model_type"
    ModelConfig (*read)(const ConfigReader& config);
};

std::span<const Family> families();

ModelConfig readDeepseekV2(const ConfigReader& config);
ModelConfig readDeepseekV3(const ConfigReader& config);
ModelConfig readGptOss(const ConfigReader& config);
ModelConfig readGraniteMoe(const ConfigReader& config);
ModelConfig readMixtral(const ConfigReader& config);
ModelConfig readOlmoe(const ConfigReader& config);
ModelConfig readPhimoe(const ConfigReader& config);
ModelConfig readQwen2Moe(const ConfigReader& config);
ModelConfig readQwen3Moe(const ConfigReader& config);
ModelConfig readSwitch(const ConfigReader& config);

} // namespace moescope
