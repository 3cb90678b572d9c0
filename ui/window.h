#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/service/record_service.h"

namespace moescope {

// What the window does through others. An empty function: the window says that it is not available.
struct WindowServices {
    // Records a model; see RecordService. Called from a thread of the window's.
    std::function<RecordSummary(const RecordRequest&, RecordObserver&, std::stop_token)> record;
    // Offered until others are chosen; empty: none.
    std::string model; // a model's folder
    std::string texts; // a folder whose sub-folders name domains
};

// Opens the window on a recording (the first of `recordings` that is a file) or without one, and returns its exit
// status when it is closed. Call from the main thread, once.
int runWindow(const std::vector<std::string>& recordings, const WindowServices& services);

} // namespace moescope
