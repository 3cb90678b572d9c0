#pragma once

#include <vector>

#include "db/run_info.h"

namespace moescope::sqlite {

// Throws Error(Conflict) unless the run is interrupted and what would be recorded now is what was begun; the message
// names what differs.
void checkResume(const RunInfo& run, const RunSpec& now, const std::vector<DocumentInfo>& documents);

} // namespace moescope::sqlite
