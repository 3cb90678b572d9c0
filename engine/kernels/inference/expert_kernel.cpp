#include "engine/kernels/inference/expert_kernel.h"

#include <bit>

#include "engine/kernels/inference/loops.h"

namespace moescope {

template <class T>
void activateRows(ExpertActivation activation, float limit, std::int64_t rows, std::int64_t inner, const T* in,
                  T* out) {
    const InferenceLoops<T>& loops = inferenceLoops<T>();
    switch (activation) {
    case ExpertActivation::SwiGlu:
        return loops.silu(rows, inner, in, out);
    case ExpertActivation::ClampedSwiGlu:
        return loops.clampedSwiGlu(rows, inner, limit, in, out);
    case ExpertActivation::Relu:
        return loops.relu(rows * inner, in, out);
    case ExpertActivation::Gelu:
        return loops.gelu(rows * inner, in, out);
    case ExpertActivation::GeluTanh:
        return loops.geluTanh(rows * inner, in, out);
    case ExpertActivation::Silu:
        return loops.siluPlain(rows * inner, in, out);
    }
}

template void activateRows(ExpertActivation, float, std::int64_t, std::int64_t, const float*, float*);
template void activateRows(ExpertActivation, float, std::int64_t, std::int64_t, const Bf16*, Bf16*);

std::int64_t libraryRows(std::int64_t rows) {
    return rows > 16 ? (rows + 15) / 16 * 16 : std::int64_t(std::bit_ceil(std::uint64_t(rows)));
}

} // namespace moescope
