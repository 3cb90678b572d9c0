// Compiled for AMX, AVX-512 and its bf16: no inline function of the standard library is called, since the linker would
// keep one copy of it, possibly one that other processors cannot run.
#include "engine/kernels/inference/amx/amx_int8.h"

#include "engine/kernels/inference/amx/tile_pairs.h"
#include "engine/kernels/inference/amx/tile_transpose.h"
#include "engine/kernels/inference/amx/vector_math.h"
#include "engine/kernels/inference/quantised.h"

namespace moescope {
namespace {

template <>
struct Tiles<std::int8_t> {
    using Sum = std::int32_t;
    static void multiply0() { _tile_dpbssd(0, 4, 6); }
    static void multiply1() { _tile_dpbssd(1, 4, 7); }
    static void multiply2() { _tile_dpbssd(2, 5, 6); }
    static void multiply3() { _tile_dpbssd(3, 5, 7); }
};

using I = std::int64_t;

// The first `count` of 64 numbers; the others are not read and count as zero.
inline __mmask32 mask32(I count) {
    return count >= 32 ? 0xFFFFFFFFU : count <= 0 ? 0U : (1U << count) - 1U;
}
inline __m512i loadPart(const Bf16* x, I count) {
    return _mm512_maskz_loadu_epi16(mask32(count), x);
}
inline __m512i loadPart(const float* x, I count) {
    return _mm512_maskz_loadu_epi32(columnMask(count), x);
}

// A row of a TileOperand.
template <class T>
struct RowView {
    const T* data;
    I step; // from one tile to the next

    __m512i bits(I i, I k) const { return loadPart(data + i / kTileDepth<T> * step, k - i); }
    // 64 numbers.
    void fetch(I i) const {
        for (I j = 0; j < 64; j += kTileDepth<T>)
            __builtin_prefetch(data + (i + j) / kTileDepth<T> * step);
    }
};

template <class T>
RowView<T> rowOf(const TileOperand<T>& x, I r) {
    return {x.data + r / 16 * x.rowBlock + r % 16 * x.row, x.depthBlock};
}

// The bits of the largest magnitude of a row of k numbers as f32.
inline std::uint32_t magnitudeOf(const RowView<Bf16>& x, I k) {
    const __m512i unsignedBits = _mm512_set1_epi16(0x7FFF);
    __m512i top = _mm512_setzero_si512();
    for (I i = 0; i < k; i += 32)
        top = _mm512_max_epu16(top, _mm512_and_si512(x.bits(i, k), unsignedBits));
    const __m512i wide = _mm512_max_epu32(_mm512_slli_epi32(top, 16), _mm512_and_si512(top, _mm512_set1_epi32(-65536)));
    return _mm512_reduce_max_epu32(wide);
}

inline std::uint32_t magnitudeOf(const RowView<float>& x, I k) {
    const __m512i unsignedBits = _mm512_set1_epi32(0x7FFFFFFF);
    __m512i top = _mm512_setzero_si512();
    for (I i = 0; i < k; i += 16)
        top = _mm512_max_epu32(top, _mm512_and_si512(x.bits(i, k), unsignedBits));
    return _mm512_reduce_max_epu32(top);
}

// The codes of 16 numbers, in the lower bits of each sum.
inline __m512i codesOf(__m512i numbers, __m512 inverse) {
    return _mm512_castps_si512(_mm512_fmadd_ps(_mm512_castsi512_ps(numbers), inverse, _mm512_set1_ps(kRounder)));
}

// Codes of 32 numbers from the i-th on, as 16 bits each.
inline __m512i wideCodes(const RowView<Bf16>& x, I i, I k, __m512 inverse) {
    const __m512i both = x.bits(i, k);
    const __m512i even = codesOf(_mm512_slli_epi32(both, 16), inverse);
    const __m512i odd = codesOf(_mm512_and_si512(both, _mm512_set1_epi32(-65536)), inverse);
    return _mm512_mask_blend_epi16(0xAAAAAAAAU, even, _mm512_slli_epi32(odd, 16));
}

inline __m512i wideCodes(const RowView<float>& x, I i, I k, __m512 inverse) {
    const __m256i first = _mm512_cvtepi32_epi16(codesOf(x.bits(i, k), inverse));
    const __m256i second = _mm512_cvtepi32_epi16(codesOf(x.bits(i + 16, k), inverse));
    return _mm512_inserti64x4(_mm512_castsi256_si512(first), second, 1);
}

inline __m512 columnScales(const AmxInt8Weights& w, I pair, I half) {
    return _mm512_loadu_ps(w.scales + pair * 32 + half * 16);
}

// 16 sums as numbers.
inline __m512 scaled(const std::int32_t* sums, __m512 scale) {
    return _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_load_si512(sums)), scale);
}

// 32 results of a row, of which `count` exist. Streamed ones go past the caches: they are read much later, and lines
// that need not be read before they are written spare half of the traffic.
template <bool Streamed>
inline void storePart(float* to, I count, __m512 low, __m512 high) {
    if (Streamed && count >= 32) {
        _mm512_stream_ps(to, low);
        _mm512_stream_ps(to + 16, high);
        return;
    }
    _mm512_mask_storeu_ps(to, columnMask(count), low);
    _mm512_mask_storeu_ps(to + 16, columnMask(count - 16), high);
}

template <bool Streamed>
inline void storePart(Bf16* to, I count, __m512 low, __m512 high) {
    const __m512i both = __m512i(_mm512_cvtne2ps_pbh(high, low));
    if (Streamed && count >= 32)
        _mm512_stream_si512(reinterpret_cast<__m512i*>(to), both);
    else
        _mm512_mask_storeu_epi16(to, mask32(count), both);
}

inline void storeWhole(float* to, __m512 values) {
    _mm512_storeu_ps(to, values);
}
inline void storeWhole(Bf16* to, __m512 values) {
    storeBf16(to, 0xFFFF, values);
}

// As exact as what it is stored in.
template <class T>
inline __m512 siluFor(__m512 g) {
    return sizeof(T) == sizeof(Bf16) ? roughSilu(g) : silu(g);
}

TileOperand<std::int8_t> operandOf(const AmxInt8Rows& x, const AmxInt8Weights& w) {
    return TileOperand<std::int8_t>::tiled(x.tiled, w.codes.k);
}

} // namespace

void amxInt8PackTileColumn(const std::int8_t* w, I columns, I k, int half, std::int8_t* pair) {
    packTileColumn(w, k, columns, k, half, pair);
}

template <class T>
void amxInt8Quantize(const TileOperand<T>& x, const std::int32_t* index, I rows, I k, std::int8_t* tiled,
                     float* scales) {
    const I depth = amxInt8Depth(k);
    const __m512i inOrder = _mm512_set_epi64(7, 5, 3, 1, 6, 4, 2, 0);
    const auto view = [&](I r) { return rowOf(x, index == nullptr ? r : I(index[r])); };
    for (I r = 0; r < rows; ++r) {
        const RowView<T> from = view(r);
        const RowView<T> next = view(r + 1 < rows ? r + 1 : r); // fetched on the way
        const RowScale row = rowScaleOf(magnitudeOf(from, k));
        const __m512 inverse = _mm512_set1_ps(row.inverse);
        scales[r] = row.scale;
        std::int8_t* to = tiled + r / 16 * 16 * depth + r % 16 * kInt8Depth;
        for (I i = 0; i < k; i += kInt8Depth) {
            next.fetch(i);
            const __m512i packed =
                _mm512_packs_epi16(wideCodes(from, i, k, inverse), wideCodes(from, i + 32, k, inverse));
            _mm512_storeu_si512(to + i * 16, _mm512_permutexvar_epi64(inOrder, packed));
        }
    }
}

namespace {

template <bool Streamed, class T>
void scaledProduct(const AmxInt8Rows& x, const AmxInt8Weights& w, I columns, std::int32_t* scratch, T* y, I ldy) {
    multiplyPairs(
        operandOf(x, w), x.rows, w.codes, 0, w.codes.pairs, scratch, [&](I pair, I r, const std::int32_t* from) {
            const __m512 row = _mm512_set1_ps(x.scales[r]);
            T* to = y + r * ldy + pair * 32;
            if (!Streamed)
                prefetchNextPair(to);
            storePart<Streamed>(to, columns - pair * 32, scaled(from, _mm512_mul_ps(row, columnScales(w, pair, 0))),
                                scaled(from + 256, _mm512_mul_ps(row, columnScales(w, pair, 1))));
        });
    if (Streamed)
        _mm_sfence();
}

} // namespace

template <class T>
void amxInt8To(const AmxInt8Rows& x, const AmxInt8Weights& w, I columns, std::int32_t* scratch, T* y, I ldy) {
    const bool wholeLines = (reinterpret_cast<std::uintptr_t>(y) | std::uintptr_t(ldy) * sizeof(T)) % 64 == 0;
    if (wholeLines)
        scaledProduct<true>(x, w, columns, scratch, y, ldy);
    else
        scaledProduct<false>(x, w, columns, scratch, y, ldy);
}

template <class T>
void amxInt8ToSwiGlu(const AmxInt8Rows& x, const AmxInt8Weights& w, std::int32_t* scratch, T* y, I inner) {
    constexpr I pairsATile = kTileDepth<T> / 16;
    multiplyPairs(
        operandOf(x, w), x.rows, w.codes, 0, w.codes.pairs, scratch, [&](I pair, I r, const std::int32_t* from) {
            const __m512 row = _mm512_set1_ps(x.scales[r]);
            const __m512 gate = scaled(from, _mm512_mul_ps(row, columnScales(w, pair, 0)));
            const __m512 up = scaled(from + 256, _mm512_mul_ps(row, columnScales(w, pair, 1)));
            T* column = y + pair / pairsATile * 16 * kTileDepth<T> + pair % pairsATile * 16;
            storeWhole(column + r / 16 * 16 * inner + r % 16 * kTileDepth<T>, _mm512_mul_ps(siluFor<T>(gate), up));
        });
}

template void amxInt8Quantize(const TileOperand<float>&, const std::int32_t*, I, I, std::int8_t*, float*);
template void amxInt8Quantize(const TileOperand<Bf16>&, const std::int32_t*, I, I, std::int8_t*, float*);
template void amxInt8To(const AmxInt8Rows&, const AmxInt8Weights&, I, std::int32_t*, float*, I);
template void amxInt8To(const AmxInt8Rows&, const AmxInt8Weights&, I, std::int32_t*, Bf16*, I);
template void amxInt8ToSwiGlu(const AmxInt8Rows&, const AmxInt8Weights&, std::int32_t*, float*, I);
template void amxInt8ToSwiGlu(const AmxInt8Rows&, const AmxInt8Weights&, std::int32_t*, Bf16*, I);

} // namespace moescope
