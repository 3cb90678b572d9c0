#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "analysis/coactivation.h"
#include "analysis/transitions.h"
#include "app/service/recording.h"

namespace moescope {

// Where tokens go from layer to layer, over chosen layers in order.
struct RouteFlow {
    struct Layer {
        LayerId layer;
        std::int32_t experts = 0, topK = 0;
        std::vector<std::int64_t> load; // [experts] tokens that have the expert
    };
    std::int64_t tokens = 0;
    std::vector<Layer> layers;
    std::vector<TransitionCounts> steps; // [layers - 1] from each to the next

    // What loads alone would give for (expert here, expert in the next layer).
    double expected(std::size_t step, std::int32_t from, std::int32_t to) const;
};

struct LayerPartners {
    LayerId layer;
    std::int32_t topK = 0;
    std::int64_t tokens = 0;
    CoactivationCounts counts{0};
};

RouteFlow readRouteFlow(const Recording& recording, const RunInfo& run, const RunFilter& filter,
                        const std::vector<LayerId>& layers, std::stop_token stop);
LayerPartners readPartners(const Recording& recording, const RunInfo& run, const RunFilter& filter, LayerId layer,
                           std::stop_token stop);

} // namespace moescope
