#pragma once

#include <string>

#include "app/service/ablation_service.h"

namespace moescope {

// What ablating a layer's experts cost: a line for each expert with the domains that lose most, or one JSON object.
std::string ablationText(const AblationSummary& summary);
std::string ablationJson(const AblationSummary& summary);

} // namespace moescope
