#pragma once

#include <cstdint>

#include "engine/kernels/bf16.h"

namespace moescope {

// Matrix products on the tile unit of recent x86 processors (AMX: 16 x 16 results from bf16 in f32), with what
// follows a product applied while the results are in the cache. Plain pointers: the file is compiled for AMX.

// Whether processor and system offer AMX with bf16. Asks the system for the permission tiles need.
bool hasAmx();

inline constexpr std::int64_t kAmxRows = 32; // rows and columns of results made at a time: 2 x 2 tiles
inline constexpr std::int64_t kAmxColumns = 32;
inline constexpr std::int64_t kAmxDepth = 32; // elements of k that one tile row holds

// Left operand: tile (i, j) of 16 rows and 32 columns begins at data + i * rowBlock + j * depthBlock, its rows are
// `row` elements apart. Rows up to the next multiple of kAmxRows are read, so they must exist.
struct AmxOperand {
    const Bf16* data;
    std::int64_t row, rowBlock, depthBlock;

    static AmxOperand rowMajor(const Bf16* data, std::int64_t ld) { return {data, ld, 16 * ld, kAmxDepth}; }
    // Tiles one behind another, row block by row block: the layout that streams best.
    static AmxOperand tiled(const Bf16* data, std::int64_t k) { return {data, kAmxDepth, 16 * k, 16 * kAmxDepth}; }
};

// Right operand W^T: for each 32 columns of the result, tile pairs one behind another along k. k is a multiple of 32.
struct AmxWeights {
    const Bf16* data;
    std::int64_t k;
    std::int64_t pairs; // of 16-column tiles
};

// Elements that `pairs` column pairs take.
constexpr std::int64_t amxWeightElements(std::int64_t pairs, std::int64_t k) {
    return pairs * kAmxColumns * k;
}

// Packs one 16-column tile column: columns are rows of W [columns <= 16, k] at distance ld; missing ones are zero.
// `half` 0 or 1: which tile of its pair.
void amxPackTileColumn(const Bf16* w, std::int64_t ld, std::int64_t columns, std::int64_t k, int half, Bf16* pair);

// Bytes of scratch that products over `rows` rows need.
constexpr std::int64_t amxScratchFloats(std::int64_t rows) {
    return (rows + 31) / 32 * 1024;
}

// Results of column pairs [pairBegin, pairEnd), columns beyond `columns` not stored.
void amxToBf16(const AmxOperand& x, std::int64_t rows, const AmxWeights& w, std::int64_t pairBegin,
               std::int64_t pairEnd, std::int64_t columns, float* scratch, Bf16* y, std::int64_t ldy);
void amxToFloat(const AmxOperand& x, std::int64_t rows, const AmxWeights& w, std::int64_t pairBegin,
                std::int64_t pairEnd, std::int64_t columns, float* scratch, float* y, std::int64_t ldy,
                bool accumulate);
// Weights whose pairs are (gate, up): y = silu(gate) * up, 16 columns a pair, as a tiled operand of depth `inner`,
// a multiple of 32.
void amxToSwiGlu(const AmxOperand& x, std::int64_t rows, const AmxWeights& w, float* scratch, Bf16* y,
                 std::int64_t inner);

// -ln softmax(x W^T)[target] of every row, the results never stored: running maxima and sums, `state` of
// amxLossState(rows) floats, follow the products. A negative target gives NaN.
void amxTokenLoss(const AmxOperand& x, std::int64_t rows, const AmxWeights& w, std::int64_t columns,
                  const std::int32_t* targets, float* scratch, float* state, float* loss);
constexpr std::int64_t amxLossState(std::int64_t rows) {
    return rows * 33;
}

// Copies `rows` rows at distance ld into a tiled operand.
void amxCopyTiled(const Bf16* x, std::int64_t ld, std::int64_t rows, std::int64_t k, Bf16* tiled);
// Copies rows, chosen by index, of a row-major matrix [., k] into a tiled operand.
void amxGatherTiled(const Bf16* x, const std::int32_t* index, std::int64_t rows, std::int64_t k, Bf16* tiled);

} // namespace moescope
