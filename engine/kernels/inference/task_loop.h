#pragma once

#include <cstdint>
#include <functional>

namespace moescope {

// Calls body(task) once for each task in [0, count), handed out in ascending order as threads become free: for tasks
// of unequal length. Put the longest first. Inside a parallel region it runs on the calling thread. Rethrows the
// first exception after every thread has stopped.
void parallelTasks(std::int64_t count, const std::function<void(std::int64_t)>& body);

} // namespace moescope
