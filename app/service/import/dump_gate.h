#pragma once

#include <optional>

#include "app/service/import/routing_dump.h"

namespace moescope {

// The gate under which the logits of the layer give the weights that the dump holds, told by its first tokens; nothing
// where none of the usual ones does. REQUIRES: logits, ids and weights.
std::optional<MoeConfig> gateThatGives(const RoutingDump& dump, const RoutingDump::Layer& layer);

} // namespace moescope
