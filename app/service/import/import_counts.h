#pragma once

#include "app/service/import_service.h"

namespace moescope {

// Reads a counts CSV into a run of counts only.
ImportedRun importCounts(const std::filesystem::path& file, const ImportRequest& request, ImportObserver& observer);

} // namespace moescope
