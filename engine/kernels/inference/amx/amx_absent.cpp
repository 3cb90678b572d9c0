// Processors without x86's tiles: hasAmx() and hasAmxInt8() are false, so nothing else here is ever called.
#include <cstdlib>

#include "engine/kernels/inference/amx/amx_attention.h"
#include "engine/kernels/inference/amx/amx_int8.h"
#include "engine/kernels/inference/amx/amx_matrix.h"
#include "engine/kernels/inference/amx/amx_row.h"

namespace moescope {

bool hasAmx() {
    return false;
}

void amxPackTileColumn(const Bf16*, std::int64_t, std::int64_t, std::int64_t, int, Bf16*) {
    std::abort();
}

void amxToBf16(const AmxOperand&, std::int64_t, const AmxWeights&, std::int64_t, std::int64_t, std::int64_t, float*,
               Bf16*, std::int64_t) {
    std::abort();
}

void amxToFloat(const AmxOperand&, std::int64_t, const AmxWeights&, std::int64_t, std::int64_t, std::int64_t, float*,
                float*, std::int64_t, bool) {
    std::abort();
}

void amxToSwiGlu(const AmxOperand&, std::int64_t, const AmxWeights&, float*, Bf16*, std::int64_t) {
    std::abort();
}

void amxTokenLoss(const AmxOperand&, std::int64_t, const AmxWeights&, std::int64_t, const std::int32_t*, float*, float*,
                  float*) {
    std::abort();
}

void amxRowToBf16(const Bf16*, const AmxWeights&, std::int64_t, std::int64_t, std::int64_t, Bf16*) {
    std::abort();
}

void amxRowToFloat(const Bf16*, const AmxWeights&, std::int64_t, std::int64_t, std::int64_t, float*, bool) {
    std::abort();
}

void amxRowToSwiGlu(const Bf16*, const AmxWeights&, std::int64_t, std::int64_t, Bf16*) {
    std::abort();
}

void amxCopyTiled(const Bf16*, std::int64_t, std::int64_t, std::int64_t, Bf16*) {
    std::abort();
}

void amxGatherTiled(const Bf16*, const std::int32_t*, std::int64_t, std::int64_t, Bf16*) {
    std::abort();
}

bool hasAmxInt8() {
    return false;
}

void amxInt8PackTileColumn(const std::int8_t*, std::int64_t, std::int64_t, int, std::int8_t*) {
    std::abort();
}

template <class T>
void amxInt8Quantize(const TileOperand<T>&, const std::int32_t*, std::int64_t, std::int64_t, std::int8_t*, float*) {
    std::abort();
}

template <class T>
void amxInt8To(const AmxInt8Rows&, const AmxInt8Weights&, std::int64_t, std::int32_t*, T*, std::int64_t) {
    std::abort();
}

template <class T>
void amxInt8ToSwiGlu(const AmxInt8Rows&, const AmxInt8Weights&, std::int32_t*, T*, std::int64_t) {
    std::abort();
}

template void amxInt8Quantize(const TileOperand<float>&, const std::int32_t*, std::int64_t, std::int64_t, std::int8_t*,
                              float*);
template void amxInt8Quantize(const TileOperand<Bf16>&, const std::int32_t*, std::int64_t, std::int64_t, std::int8_t*,
                              float*);
template void amxInt8To(const AmxInt8Rows&, const AmxInt8Weights&, std::int64_t, std::int32_t*, float*, std::int64_t);
template void amxInt8To(const AmxInt8Rows&, const AmxInt8Weights&, std::int64_t, std::int32_t*, Bf16*, std::int64_t);
template void amxInt8ToSwiGlu(const AmxInt8Rows&, const AmxInt8Weights&, std::int32_t*, float*, std::int64_t);
template void amxInt8ToSwiGlu(const AmxInt8Rows&, const AmxInt8Weights&, std::int32_t*, Bf16*, std::int64_t);

void amxAttend(const AmxAttentionTask&, const AmxAttentionScratch&) {
    std::abort();
}

} // namespace moescope
