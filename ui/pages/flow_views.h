#pragma once

#include <memory>

#include "ui/charts/heatmap_data.h"
#include "ui/charts/sankey_data.h"
#include "ui/data/route_flow.h"
#include "ui/data/token_route.h"
#include "ui/pages/findings_text.h"

namespace moescope {

inline constexpr std::size_t kFlowNodes = 24; // in a column; more experts than that share the last

// Of the tokens that have expert a (row), the share that has b (column) too.
std::shared_ptr<const HeatmapData> partnerHeatmap(const LayerPartners& partners);
// The flow with each column's largest experts, the selected one and those of the token's route; the rest as one node.
std::shared_ptr<const SankeyData> sankeyOf(const RouteFlow& flow, const TokenRoute* route,
                                           std::optional<ExpertId> expert, LayerId layer);
Finding flowFinding(const LayerPartners& partners, const RouteFlow* flow);

} // namespace moescope
