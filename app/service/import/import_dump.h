#pragma once

#include <stop_token>

#include "app/service/import_service.h"

namespace moescope {

// Reads routing tensors in Hugging Face's style into a run with its tokens.
ImportedRun importDump(const std::filesystem::path& file, const ImportRequest& request, ImportObserver& observer,
                       std::stop_token stop);

} // namespace moescope
