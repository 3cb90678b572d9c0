#pragma once

#include "engine/routing/moe_config.h"

namespace moescope::test {

// The plainest router: softmax over `experts`, the `k` largest.
inline MoeLayerInfo gate(std::int32_t experts, std::int32_t k) {
    MoeLayerInfo layer;
    layer.moe.experts = experts;
    layer.moe.topK = k;
    return layer;
}

} // namespace moescope::test
