#include "engine/kernels/inference/loops.h"

#include "engine/kernels/cpu/instruction_set.h"

namespace moescope {

#define MOESCOPE_DECLARE(isa)                                                                                          \
    namespace isa {                                                                                                    \
    extern const InferenceLoops<float> floatLoops;                                                                     \
    extern const InferenceLoops<Bf16> bf16Loops;                                                                       \
    extern const CommonLoops sharedLoops;                                                                              \
    }
MOESCOPE_DECLARE(baseline)
#ifdef MOESCOPE_CPU_VARIANTS
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
#ifdef MOESCOPE_CPU_VARIANTS
    if (instructionSet() == InstructionSet::Avx512)
        return {&avx512::floatLoops, &avx512::bf16Loops, &avx512::sharedLoops};
    if (instructionSet() == InstructionSet::Avx2)
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
