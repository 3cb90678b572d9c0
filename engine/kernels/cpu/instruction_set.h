#pragma once

#include <cstdint>

// Defined where files are built for more than the baseline.
#if defined(__x86_64__)
#define MOESCOPE_CPU_VARIANTS 1
#endif

namespace moescope {

enum class InstructionSet : std::uint8_t { Baseline, Avx2, Avx512 };

// The best set that files are built for and this processor runs.
InstructionSet instructionSet();

} // namespace moescope
