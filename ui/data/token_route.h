#pragma once

#include <limits>
#include <vector>

#include "app/service/recording.h"

namespace moescope {

// One token's choices in one layer, with what they were chosen from.
struct TokenLayerRoute {
    LayerId layer;
    std::vector<std::uint16_t> ids;
    std::vector<float> weights;
    std::vector<float> logits; // [experts]; empty where not recorded
    std::vector<float> probs;  // [experts]; empty where not recorded
    float margin = std::numeric_limits<float>::quiet_NaN();
    std::int32_t runnerUp = -1; // best expert that was not chosen; -1: unknown
};

// A token and its route through all layers.
struct TokenRoute {
    TokenRecord token;
    std::string document;
    std::string domain;
    std::vector<TokenLayerRoute> layers;

    const TokenLayerRoute* find(LayerId layer) const;
};

TokenRoute readTokenRoute(const Recording& recording, const RunInfo& run, TokenIndex token);

} // namespace moescope
