#include "engine/kernels/parallel.h"

#include <algorithm>
#include <exception>

#include <omp.h>

namespace moescope {

int threadCount() {
    return omp_in_parallel() != 0 ? 1 : omp_get_max_threads();
}

void parallelFor(std::int64_t n, std::int64_t grain, const std::function<void(std::int64_t, std::int64_t)>& body) {
    if (n <= 0)
        return;
    const std::int64_t wanted = std::max<std::int64_t>(1, n / std::max<std::int64_t>(1, grain));
    const int threads = int(std::min<std::int64_t>(threadCount(), wanted));
    if (threads == 1) {
        body(0, n);
        return;
    }
    std::exception_ptr failure; // an exception must not leave the parallel region
#pragma omp parallel num_threads(threads)
    {
        const std::int64_t t = omp_get_thread_num();
        const std::int64_t count = omp_get_num_threads();
        try {
            body(n * t / count, n * (t + 1) / count);
        } catch (...) {
#pragma omp critical
            failure = std::current_exception();
        }
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace moescope
