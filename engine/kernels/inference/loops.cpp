#include "engine/kernels/inference/loops.h"

namespace moescope {

#define MOESCOPE_DECLARE(isa)                                                                                          \
    namespace isa {                                                                                                    \
    extern const InferenceLoops<float> floatLoops;                                                                     \
    extern const InferenceLoops<Bf16> bf16Loops;                                                                       \
    extern const CommonLoops sharedLoops;                                                                              \
    }
MOESCOPE_DECLARE(baseline)
#if defined(__x86_64__)
MOESCOPE_DECLARE(avx2)
MOESCOPE_DECLARE(avx512)
#endif

namespace {

struct Tables {
    const InferenceLoops<float>* f32 = &baseline::floatLoops;
    const InferenceLoops<Bf16>* bf16 = &baseline::bf16Loops;
    const CommonLoops* common = &baseline::sharedLoops;
};

Tables choose() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd"))
        return {&avx512::floatLoops, &avx512::bf16Loops, &avx512::sharedLoops};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
        return {&avx2::floatLoops, &avx2::bf16Loops, &avx2::sharedLoops};
#endif
    return {};
}

const Tables& tables() {
    static const Tables chosen = choose();
    return chosen;
}

} // namespace

template <>
const InferenceLoops<float>& inferenceLoops<float>() {
    return *tables().f32;
}
template <>
const InferenceLoops<Bf16>& inferenceLoops<Bf16>() {
    return *tables().bf16;
}
const CommonLoops& commonLoops() {
    return *tables().common;
}

} // namespace moescope
