#pragma once

#include <string>

#include "app/service/replay_service.h"

namespace moescope {

// What `moescope replay` prints: lines for a person, or one JSON object. Both end with a line end.
std::string replayText(const ReplaySummary& summary);
std::string replayJson(const ReplaySummary& summary);

} // namespace moescope
