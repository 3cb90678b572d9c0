#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine/kernels/inference/amx/amx_int8.h"
#include "engine/kernels/inference/amx/amx_matrix.h"

namespace moescope {

namespace {

bool processorHasAmx() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0)
        return false;
    const bool tiles = (d >> 22 & 1U) != 0 && (d >> 24 & 1U) != 0; // AMX-BF16, AMX-TILE
    if (!tiles || __get_cpuid_count(7, 1, &a, &b, &c, &d) == 0)
        return false;
    return (a >> 5 & 1U) != 0 && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl"); // AVX512_BF16
}

bool processorHasInt8() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d >> 25 & 1U) != 0; // AMX-INT8
}

// Linux gives the large tile registers only to a process that asks.
bool askForTiles() {
    constexpr long requestPermission = 0x1023; // ARCH_REQ_XCOMP_PERM
    constexpr long tileData = 18;              // XFEATURE_XTILEDATA
    return ::syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
}

} // namespace

bool hasAmx() {
    static const bool available = processorHasAmx() && askForTiles();
    return available;
}

bool hasAmxInt8() {
    static const bool available = processorHasInt8() && hasAmx();
    return available;
}

} // namespace moescope
