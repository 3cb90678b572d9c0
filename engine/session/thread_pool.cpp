#include "engine/session/thread_pool.h"

#include <algorithm>

#include <dlfcn.h>
#include <omp.h>

#include <ATen/Parallel.h>

namespace moescope {

namespace {

using SetThreads = void (*)(int);

void* symbol(const char* name) {
    return ::dlsym(RTLD_DEFAULT, name);
}

// OpenBLAS's threads would fight the pool for the cores.
void quietBlas() {
    for (const char* name : {"openblas_set_num_threads", "bli_thread_set_num_threads"})
        if (const auto set = reinterpret_cast<SetThreads>(symbol(name)))
            set(1);
}

} // namespace

int useThreads(int threads) {
    static const bool quiet = (quietBlas(), true);
    static_cast<void>(quiet);
    const int count = threads > 0 ? threads : std::max(1, omp_get_num_procs());
    if (at::get_num_threads() != count)
        at::set_num_threads(count);
    omp_set_num_threads(count); // a setting of the calling thread
    return count;
}

std::string blasName() {
    if (symbol("openblas_set_num_threads") != nullptr)
        return "OpenBLAS";
    if (symbol("mkl_get_max_threads") != nullptr || symbol("MKL_Get_Max_Threads") != nullptr)
        return "MKL";
    if (symbol("bli_thread_set_num_threads") != nullptr)
        return "BLIS";
    return "reference BLAS (slow: install libopenblas0)";
}

} // namespace moescope
