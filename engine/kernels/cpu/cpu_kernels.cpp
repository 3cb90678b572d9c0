#include "engine/kernels/cpu/cpu_kernels.h"

#include "engine/kernels/cpu/instruction_set.h"

namespace moescope {

#define MOESCOPE_DECLARE(isa)                                                                                          \
    namespace isa {                                                                                                    \
    extern const CpuKernels<float> floatKernels;                                                                       \
    extern const CpuKernels<Bf16> bf16Kernels;                                                                         \
    extern const CpuCommonKernels commonKernels;                                                                       \
    }
MOESCOPE_DECLARE(baseline)
#ifdef MOESCOPE_CPU_VARIANTS
MOESCOPE_DECLARE(avx2)
MOESCOPE_DECLARE(avx512)
#endif

namespace {

struct Tables {
    const CpuKernels<float>* f32 = &baseline::floatKernels;
    const CpuKernels<Bf16>* bf16 = &baseline::bf16Kernels;
    const CpuCommonKernels* common = &baseline::commonKernels;
};

Tables choose() {
#ifdef MOESCOPE_CPU_VARIANTS
    if (instructionSet() == InstructionSet::Avx512)
        return {&avx512::floatKernels, &avx512::bf16Kernels, &avx512::commonKernels};
    if (instructionSet() == InstructionSet::Avx2)
        return {&avx2::floatKernels, &avx2::bf16Kernels, &avx2::commonKernels};
#endif
    return {};
}

const Tables& tables() {
    static const Tables chosen = choose();
    return chosen;
}

} // namespace

template <>
const CpuKernels<float>& cpuKernels<float>() {
    return *tables().f32;
}
template <>
const CpuKernels<Bf16>& cpuKernels<Bf16>() {
    return *tables().bf16;
}
const CpuCommonKernels& cpuCommonKernels() {
    return *tables().common;
}

} // namespace moescope
