// Compiled for AVX-512 BF16: as in amx_matrix.cpp, no inline function of the standard library is called.
#include "engine/kernels/inference/amx/amx_row.h"

#include "engine/kernels/inference/amx/tile_product.h"
#include "engine/kernels/inference/amx/vector_math.h"

namespace moescope {
namespace {

using I = std::int64_t;

// Bytes from what is read to what is fetched into the second-level cache: memory answers in the time these take,
// however busy it is.
constexpr I kAhead = 16384;

struct PairSums {
    __m512 low, high; // of 16 columns each
};

inline __m512bh loadWeights(const Bf16* w) {
    return __m512bh(_mm512_loadu_si512(w));
}

// Two neighbours along k, in each of 16 columns.
inline __m512bh broadcastPair(const Bf16* x) {
    int both;
    __builtin_memcpy(&both, x, sizeof both);
    return __m512bh(_mm512_set1_epi32(both));
}

inline __m512 sumOf(const __m512 (&parts)[4]) {
    return _mm512_add_ps(_mm512_add_ps(parts[0], parts[1]), _mm512_add_ps(parts[2], parts[3]));
}

// Four sums for each half, since one waits for the product before it.
inline PairSums multiplyPair(const Bf16* x, const Bf16* panel, I depth) {
    __m512 low[4] = {};
    __m512 high[4] = {};
    for (I j = 0; j < depth; ++j, panel += 1024, x += kAmxDepth) {
#pragma GCC unroll 16
        for (int p = 0; p < 16; ++p) {
            const Bf16* w = panel + p * 32;
            _mm_prefetch(reinterpret_cast<const char*>(w) + kAhead, _MM_HINT_T1);
            _mm_prefetch(reinterpret_cast<const char*>(w + 512) + kAhead, _MM_HINT_T1);
            const __m512bh both = broadcastPair(x + 2 * p);
            low[p % 4] = _mm512_dpbf16_ps(low[p % 4], both, loadWeights(w));
            high[p % 4] = _mm512_dpbf16_ps(high[p % 4], both, loadWeights(w + 512));
        }
    }
    return {sumOf(low), sumOf(high)};
}

// Calls finish(pair, sums) for each pair.
template <class Finish>
inline void multiplyRow(const Bf16* x, const AmxWeights& w, I pairBegin, I pairEnd, const Finish& finish) {
    const I depth = w.k / kAmxDepth;
    for (I pair = pairBegin; pair < pairEnd; ++pair)
        finish(pair, multiplyPair(x, w.data + pair * depth * 1024, depth));
}

inline void storeFloat(float* to, __mmask16 mask, __m512 value, bool accumulate) {
    if (accumulate)
        value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(mask, to));
    _mm512_mask_storeu_ps(to, mask, value);
}

} // namespace

void amxRowToBf16(const Bf16* x, const AmxWeights& w, I pairBegin, I pairEnd, I columns, Bf16* y) {
    multiplyRow(x, w, pairBegin, pairEnd, [&](I pair, const PairSums& sums) {
        const I left = columns - pair * kAmxColumns;
        storeBf16(y + pair * kAmxColumns, columnMask(left), sums.low);
        storeBf16(y + pair * kAmxColumns + 16, columnMask(left - 16), sums.high);
    });
}

void amxRowToFloat(const Bf16* x, const AmxWeights& w, I pairBegin, I pairEnd, I columns, float* y, bool accumulate) {
    multiplyRow(x, w, pairBegin, pairEnd, [&](I pair, const PairSums& sums) {
        const I left = columns - pair * kAmxColumns;
        storeFloat(y + pair * kAmxColumns, columnMask(left), sums.low, accumulate);
        storeFloat(y + pair * kAmxColumns + 16, columnMask(left - 16), sums.high, accumulate);
    });
}

void amxRowToSwiGlu(const Bf16* x, const AmxWeights& w, I pairBegin, I pairEnd, Bf16* y) {
    multiplyRow(x, w, pairBegin, pairEnd, [&](I pair, const PairSums& sums) {
        storeBf16(y + pair * 16, 0xFFFF, _mm512_mul_ps(silu(sums.low), sums.high));
    });
}

} // namespace moescope
