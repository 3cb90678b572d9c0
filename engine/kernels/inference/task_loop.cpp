#include "engine/kernels/inference/task_loop.h"

#include <algorithm>
#include <atomic>
#include <exception>

#include <omp.h>

#include "engine/kernels/parallel.h"

namespace moescope {

void parallelTasks(std::int64_t count, const std::function<void(std::int64_t)>& body) {
    const int threads = int(std::min<std::int64_t>(threadCount(), count));
    if (threads <= 1) {
        for (std::int64_t task = 0; task < count; ++task)
            body(task);
        return;
    }
    std::atomic<std::int64_t> next{0};
    std::exception_ptr failure; // an exception must not leave the parallel region
#pragma omp parallel num_threads(threads)
    {
        try {
            for (std::int64_t task = next++; task < count; task = next++)
                body(task);
        } catch (...) {
            next = count;
#pragma omp critical
            if (!failure)
                failure = std::current_exception();
        }
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace moescope
