#pragma once

#include <cstdint>

#include "engine/kernels/inference/amx/amx_matrix.h"

namespace moescope {

// Products of int8 codes on the tile unit: 16 x 16 sums in int32, twice as many products a step as with bf16. Rows and
// columns are quantised as quantised.h says; sums are scaled back while they are in the cache.

// Whether processor and system offer AMX with int8.
bool hasAmxInt8();

inline constexpr std::int64_t kInt8Depth = kTileDepth<std::int8_t>;

// Depth that a matrix or operand of k columns is filled up to with zeros.
constexpr std::int64_t amxInt8Depth(std::int64_t k) {
    return (k + kInt8Depth - 1) / kInt8Depth * kInt8Depth;
}

// Rows of x and their scales: a tiled operand.
struct AmxInt8Rows {
    const std::int8_t* tiled;
    const float* scales; // [rows]
    std::int64_t rows;
};

struct AmxInt8Weights {
    TileWeights<std::int8_t> codes;
    const float* scales; // [pairs, 32]
};

// Packs one 16-column tile column: columns are rows of codes [columns <= 16, k] at distance k, a multiple of 64.
void amxInt8PackTileColumn(const std::int8_t* w, std::int64_t columns, std::int64_t k, int half, std::int8_t* pair);

// Quantises rows of x, chosen by index or in order where that is null, into a tiled operand of depth amxInt8Depth(k).
// T is float or Bf16; of x no row beyond and no element beyond k is read.
template <class T>
void amxInt8Quantize(const TileOperand<T>& x, const std::int32_t* index, std::int64_t rows, std::int64_t k,
                     std::int8_t* tiled, float* scales);

// y = x W^T; columns beyond `columns` are not stored. Scratch of amxScratchFloats(rows) numbers.
template <class T>
void amxInt8To(const AmxInt8Rows& x, const AmxInt8Weights& w, std::int64_t columns, std::int32_t* scratch, T* y,
               std::int64_t ldy);
// Weights whose pairs are (gate, up): y = silu(gate) * up, 16 columns a pair, all of them stored, as a tiled operand of
// depth `inner`, a multiple of kTileDepth<T>.
template <class T>
void amxInt8ToSwiGlu(const AmxInt8Rows& x, const AmxInt8Weights& w, std::int32_t* scratch, T* y, std::int64_t inner);

} // namespace moescope
