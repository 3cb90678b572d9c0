// Compiled for AMX and AVX-512 BF16: no inline function of the standard library is called, since the linker would
// keep one copy of it, possibly one that other processors cannot run.
#include "engine/kernels/inference/amx/amx_matrix.h"

#include "engine/kernels/inference/amx/tile_pairs.h"
#include "engine/kernels/inference/amx/tile_transpose.h"
#include "engine/kernels/inference/amx/vector_math.h"

namespace moescope {

using I = std::int64_t;

void amxPackTileColumn(const Bf16* w, I ld, I columns, I k, int half, Bf16* pair) {
    packTileColumn(w, ld, columns, k, half, pair);
}

void amxToBf16(const AmxOperand& x, I rows, const AmxWeights& w, I pairBegin, I pairEnd, I columns, float* scratch,
               Bf16* y, I ldy) {
    multiplyPairs(x, rows, w, pairBegin, pairEnd, scratch, [&](I pair, I r, const float* from) {
        const __m512i both = __m512i(_mm512_cvtne2ps_pbh(_mm512_load_ps(from + 256), _mm512_load_ps(from)));
        const I left = columns - pair * 32;
        Bf16* to = y + r * ldy + pair * 32;
        prefetchNextPair(to);
        if (left >= 32)
            _mm512_storeu_si512(to, both);
        else
            _mm512_mask_storeu_epi16(to, (1U << left) - 1U, both);
    });
}

void amxToFloat(const AmxOperand& x, I rows, const AmxWeights& w, I pairBegin, I pairEnd, I columns, float* scratch,
                float* y, I ldy, bool accumulate) {
    multiplyPairs(x, rows, w, pairBegin, pairEnd, scratch, [&](I pair, I r, const float* from) {
        for (I half = 0; half < 2; ++half) {
            const __mmask16 mask = columnMask(columns - pair * 32 - half * 16);
            float* to = y + r * ldy + pair * 32 + half * 16;
            prefetchNextPair(to);
            __m512 value = _mm512_load_ps(from + half * 256);
            if (accumulate)
                value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(mask, to));
            _mm512_mask_storeu_ps(to, mask, value);
        }
    });
}

void amxToSwiGlu(const AmxOperand& x, I rows, const AmxWeights& w, float* scratch, Bf16* y, I inner) {
    multiplyPairs(x, rows, w, 0, w.pairs, scratch, [&](I pair, I r, const float* from) {
        Bf16* column = y + pair / 2 * 512 + pair % 2 * 16; // of the tile that holds these 16 columns
        const __m512 value = _mm512_mul_ps(silu(_mm512_load_ps(from)), _mm512_load_ps(from + 256));
        storeBf16(column + r / 16 * 16 * inner + r % 16 * 32, 0xFFFF, value);
    });
}

namespace {

// Of one row, in powers of two: 16 running maxima, 16 sums relative to them, the target's logit.
struct LossState {
    float* top;
    float* sum;
    float* target;
};

inline void addLogits(const LossState& state, I r, __m512 low, __m512 high) {
    const __m512 before = _mm512_load_ps(state.top + r * 16);
    const __m512 top = _mm512_max_ps(before, _mm512_max_ps(low, high));
    const __m512 fresh = _mm512_add_ps(exp2Of(_mm512_sub_ps(low, top)), exp2Of(_mm512_sub_ps(high, top)));
    const __m512 kept = exp2Of(_mm512_sub_ps(before, top));
    _mm512_store_ps(state.sum + r * 16, _mm512_fmadd_ps(_mm512_load_ps(state.sum + r * 16), kept, fresh));
    _mm512_store_ps(state.top + r * 16, top);
}

inline float lossOf(const LossState& state, I r) {
    const __m512 top = _mm512_load_ps(state.top + r * 16);
    const float highest = _mm512_reduce_max_ps(top);
    const __m512 scaled =
        _mm512_mul_ps(_mm512_load_ps(state.sum + r * 16), exp2Of(_mm512_sub_ps(top, _mm512_set1_ps(highest))));
    return (highest + __builtin_log2f(_mm512_reduce_add_ps(scaled)) - state.target[r]) * kLn2;
}

} // namespace

void amxTokenLoss(const AmxOperand& x, I rows, const AmxWeights& w, I columns, const std::int32_t* targets,
                  float* scratch, float* memory, float* loss) {
    const LossState state{memory, memory + rows * 16, memory + rows * 32};
    constexpr float lowest = -1e30F;
    for (I i = 0; i < rows * 16; ++i) {
        state.top[i] = lowest;
        state.sum[i] = 0;
    }
    for (I r = 0; r < rows; ++r)
        state.target[r] = __builtin_nanf("");
    const __m512 scale = _mm512_set1_ps(kLog2E);
    const __m512 absent = _mm512_set1_ps(2 * lowest);
    multiplyPairs(x, rows, w, 0, w.pairs, scratch, [&](I pair, I r, const float* row) {
        const __mmask16 low = columnMask(columns - pair * 32);
        const __mmask16 high = columnMask(columns - pair * 32 - 16);
        addLogits(state, r, _mm512_mask_mul_ps(absent, low, _mm512_load_ps(row), scale),
                  _mm512_mask_mul_ps(absent, high, _mm512_load_ps(row + 256), scale));
        const I column = targets[r] - pair * 32;
        if (column >= 0 && column < 32)
            state.target[r] = row[column / 16 * 256 + column % 16] * kLog2E;
    });
    for (I r = 0; r < rows; ++r)
        loss[r] = lossOf(state, r);
}

namespace {

// `next`: the row to be copied after this one, fetched on the way.
inline void copyRowTiled(const Bf16* from, const Bf16* next, I r, I k, Bf16* tiled) {
    Bf16* to = tiled + r / 16 * 16 * k + r % 16 * kAmxDepth;
    for (I j = 0; j < k / kAmxDepth; ++j) {
        __builtin_prefetch(next + j * kAmxDepth);
        _mm512_storeu_si512(to + j * 512, _mm512_loadu_si512(from + j * kAmxDepth));
    }
}

} // namespace

void amxCopyTiled(const Bf16* x, I ld, I rows, I k, Bf16* tiled) {
    for (I r = 0; r < rows; ++r)
        copyRowTiled(x + r * ld, x + (r + 1) * ld, r, k, tiled);
}

void amxGatherTiled(const Bf16* x, const std::int32_t* index, I rows, I k, Bf16* tiled) {
    for (I r = 0; r < rows; ++r)
        copyRowTiled(x + I(index[r]) * k, x + I(index[r + 1 < rows ? r + 1 : r]) * k, r, k, tiled);
}

} // namespace moescope
