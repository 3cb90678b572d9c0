#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/service/record_service.h"
#include "app/service/train_service.h"

namespace moescope {

// What the window does through others. An empty function: the window says that it is not available.
struct WindowServices {
    // Records a model; see RecordService. Called from a thread of the window's.
    std::function<RecordSummary(const RecordRequest&, RecordObserver&, std::stop_token)> record;
    // Trains small models; see TrainService. Called from a thread of the window's.
    std::function<std::vector<TrainedModel>(const TrainRequest&, TrainFollower&, std::stop_token)> train;
    // Offered until others are chosen; empty: none.
    std::string model; // a model's folder
    std::string texts; // a folder whose sub-folders name domains
};

// Opens the window on the first of `recordings`, a file or a moescope:// link, or where it was closed last, and returns
// its exit status when it is closed. `runs`: which run to show, and those to compare it with; empty: the latest. Call
// from the main thread, once.
int runWindow(const std::vector<std::string>& recordings, const std::vector<std::string>& runs,
              const WindowServices& services);

} // namespace moescope
