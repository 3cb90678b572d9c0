#pragma once

#include <filesystem>
#include <vector>

#include "db/run_info.h"
#include "engine/routing/layer_summary.h"

namespace moescope {

// Adds a whole run of counts only to `file`, which is made if it is not there, in one transaction: all of it or
// nothing. sums: [layers] of [domains], domains in order of first appearance in `documents`. Throws Error (Conflict
// where the run's name is taken, Io, Corruption, Unsupported).
RunId writeCounts(const std::filesystem::path& file, const RunSpec& spec, const std::vector<DocumentInfo>& documents,
                  const std::vector<std::vector<LayerSummary>>& sums);

} // namespace moescope
