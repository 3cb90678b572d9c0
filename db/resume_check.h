#pragma once

#include <string>
#include <vector>

#include "db/run_info.h"

namespace moescope {

// In what `now`, which holds the facts that must agree, differs from what a run was begun with: "context was '512' and
// is now '256'; ...".
std::string whatChanged(const RunInfo& run, const RunSpec& now, const std::vector<DocumentInfo>& documents);

} // namespace moescope

namespace moescope::sqlite {

// Throws Error(Conflict) unless the run is interrupted and what would be recorded now is what was begun; the message
// names what differs.
void checkResume(const RunInfo& run, const RunSpec& now, const std::vector<DocumentInfo>& documents);

} // namespace moescope::sqlite
