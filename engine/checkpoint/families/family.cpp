#include "engine/checkpoint/families/family.h"

#include <array>

namespace moescope {

std::span<const Family> families() {
    static constexpr std::array kFamilies{
        Family{"mixtral", readMixtral},        Family{"qwen2_moe", readQwen2Moe},
        Family{"qwen3_moe", readQwen3Moe},     Family{"olmoe", readOlmoe},
        Family{"deepseek_v2", readDeepseekV2}, Family{"deepseek_v3", readDeepseekV3},
        Family{"gpt_oss", readGptOss},         Family{"granitemoe", readGraniteMoe},
        Family{"phimoe", readPhimoe},          Family{"switch_transformers", readSwitch}};
    return kFamilies;
}

} // namespace moescope
