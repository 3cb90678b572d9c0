#pragma once

#include <cstdint>
#include <functional>

namespace moescope {

// The engine's one thread pool is OpenMP's, shared with LibTorch and oneDNN.
int threadCount();

// Calls body(begin, end) on disjoint ranges that cover [0, n), at most one a thread, each at least `grain` long.
// Inside a parallel region it calls body(0, n) on the calling thread.
void parallelFor(std::int64_t n, std::int64_t grain, const std::function<void(std::int64_t, std::int64_t)>& body);

} // namespace moescope
