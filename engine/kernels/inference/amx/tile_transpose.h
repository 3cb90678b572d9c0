#pragma once

#include <cstdint>

#include <immintrin.h>

#include "engine/kernels/inference/amx/amx_matrix.h"

namespace moescope {
namespace { // each file that includes this is compiled for its own instruction set

// Transposes 16 x 16 elements of 32 bits: row i of the result is column i.
inline void transpose16(__m512i (&rows)[16]) {
    __m512i two[16], four[16];
    for (int i = 0; i < 16; i += 2) {
        two[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
        two[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
    }
    for (int i = 0; i < 16; i += 4)
        for (int j = 0; j < 2; ++j) {
            four[i + 2 * j] = _mm512_unpacklo_epi64(two[i + j], two[i + j + 2]);
            four[i + 2 * j + 1] = _mm512_unpackhi_epi64(two[i + j], two[i + j + 2]);
        }
    for (int j = 0; j < 4; ++j) { // four[4 i + j]: of rows 4 i .. 4 i + 3, columns j, j + 4, j + 8, j + 12
        const __m512i evenTop = _mm512_shuffle_i32x4(four[j], four[4 + j], 0x88);
        const __m512i oddTop = _mm512_shuffle_i32x4(four[j], four[4 + j], 0xDD);
        const __m512i evenLow = _mm512_shuffle_i32x4(four[8 + j], four[12 + j], 0x88);
        const __m512i oddLow = _mm512_shuffle_i32x4(four[8 + j], four[12 + j], 0xDD);
        rows[j] = _mm512_shuffle_i32x4(evenTop, evenLow, 0x88);
        rows[4 + j] = _mm512_shuffle_i32x4(oddTop, oddLow, 0x88);
        rows[8 + j] = _mm512_shuffle_i32x4(evenTop, evenLow, 0xDD);
        rows[12 + j] = _mm512_shuffle_i32x4(oddTop, oddLow, 0xDD);
    }
}

// Rows of `columns` columns of a matrix, at most 16, as the half of a pair of right operands' tiles: each tile row
// holds the elements that share 32 bits, neighbours along k, of all 16 columns. Missing columns are zero.
template <class Element>
inline void packTileColumn(const Element* w, std::int64_t ld, std::int64_t columns, std::int64_t k, int half,
                           Element* pair) {
    constexpr std::int64_t depth = kTileDepth<Element>;
    constexpr std::int64_t tile = 16 * depth;
    for (std::int64_t j = 0; j < k / depth; ++j) {
        __m512i rows[16];
        for (std::int64_t column = 0; column < 16; ++column)
            rows[column] = column < columns ? _mm512_loadu_si512(w + column * ld + j * depth) : _mm512_setzero_si512();
        transpose16(rows);
        for (std::int64_t p = 0; p < 16; ++p)
            _mm512_storeu_si512(pair + (2 * j + half) * tile + p * depth, rows[p]);
    }
}

// Of two rows of 16 numbers, the pairs (even[i], odd[i]) in bf16: how tiles hold two neighbours along k.
inline __m512i pairsOf(__m512 even, __m512 odd) {
    const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6,
                                           21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    return _mm512_permutexvar_epi16(order, __m512i(_mm512_cvtne2ps_pbh(odd, even)));
}

} // namespace
} // namespace moescope
