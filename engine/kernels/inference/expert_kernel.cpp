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

template <class T>
std::vector<float> firstBias(const ExpertMatrices<T>& matrices) {
    std::vector<float> both;
    const auto append = [&](const float* bias) {
        if (bias != nullptr)
            both.insert(both.end(), bias, bias + matrices.inner);
        else
            both.insert(both.end(), std::size_t(matrices.inner), 0.0F);
    };
    if (matrices.gateBias == nullptr && matrices.upBias == nullptr)
        return both;
    if (isGated(matrices.activation))
        append(matrices.gateBias);
    append(matrices.upBias);
    return both;
}

template std::vector<float> firstBias(const ExpertMatrices<float>&);
template std::vector<float> firstBias(const ExpertMatrices<Bf16>&);

template <class T>
std::vector<float> downBias(const ExpertMatrices<T>& matrices) {
    if (matrices.downBias == nullptr)
        return {};
    return {matrices.downBias, matrices.downBias + matrices.width};
}

template std::vector<float> downBias(const ExpertMatrices<float>&);
template std::vector<float> downBias(const ExpertMatrices<Bf16>&);

std::int64_t libraryRows(std::int64_t rows) {
    return rows > 16 ? (rows + 15) / 16 * 16 : std::int64_t(std::bit_ceil(std::uint64_t(rows)));
}

} // namespace moescope
