#pragma once

#include <string>
#include <vector>

#include "db/run_info.h"

namespace moescope {

// The runs of a recording with their provenance: lines for a person, or one JSON array (indented).
std::string runsText(const std::vector<RunInfo>& runs);
std::string runsJson(const std::vector<RunInfo>& runs);

} // namespace moescope
