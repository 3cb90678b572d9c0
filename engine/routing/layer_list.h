#pragma once

#include <span>
#include <string>

#include "engine/routing/moe_config.h"

namespace moescope {

// "1, 3, 5": what an error says of the layers there are.
inline std::string layerList(std::span<const MoeLayerInfo> layers) {
    std::string list;
    for (const MoeLayerInfo& layer : layers)
        list.append(list.empty() ? "" : ", ").append(std::to_string(layer.layer.value));
    return list;
}

} // namespace moescope
