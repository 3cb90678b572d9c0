#pragma once

#include <string>

#include "engine/checkpoint/config_reader.h"

namespace moescope {

// For a configuration of no known family: which family its keys come nearest to and what differs ("nearest to
// qwen3_moe, which does not know: conv_size"); empty where it has no mixture of experts that this program knows.
std::string nearestFamily(const ConfigReader& config);

} // namespace moescope
