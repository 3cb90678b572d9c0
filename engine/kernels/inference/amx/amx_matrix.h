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

// Elements of k that one tile row of 64 bytes holds.
template <class Element>
inline constexpr std::int64_t kTileDepth = 64 / std::int64_t(sizeof(Element));
inline constexpr std::int64_t kAmxDepth = kTileDepth<Bf16>;

// Left operand: tile (i, j) of 16 rows and kTileDepth columns begins at data + i * rowBlock + j * depthBlock, its rows
// are `row` elements apart. Rows up to the next multiple of kAmxRows are read, so they must exist.
template <class Element>
struct TileOperand {
    const Element* data;
    std::int64_t row, rowBlock, depthBlock;

    static TileOperand rowMajor(const Element* data, std::int64_t ld) {
        return {data, ld, 16 * ld, kTileDepth<Element>};
    }
    // Tiles one behind another, row block by row block: the layout that streams best.
    static TileOperand tiled(const Element* data, std::int64_t k) {
        return {data, kTileDepth<Element>, 16 * k, 16 * kTileDepth<Element>};
    }
};

// Right operand W^T: for each 32 columns of the result, tile pairs one behind another along k, a multiple of
// kTileDepth.
template <class Element>
struct TileWeights {
    const Element* data;
    std::int64_t k;
    std::int64_t pairs; // of 16-column tiles
};

using AmxOperand = TileOperand<Bf16>;
using AmxWeights = TileWeights<Bf16>;

// Elements that `pairs` column pairs take.
constexpr std::int64_t amxWeightElements(std::int64_t pairs, std::int64_t k) {
    return pairs * kAmxColumns * k;
}

// Packs one 16-column tile column: columns are rows of W [columns <= 16, k] at distance ld; missing ones are zero.
// `half` 0 or 1: which tile of its pair.
void amxPackTileColumn(const Bf16* w, std::int64_t ld, std::int64_t columns, std::int64_t k, int half, Bf16* pair);

// Numbers of scratch that products over `rows` rows need.
constexpr std::int64_t amxScratchFloats(std::int64_t rows) {
    return rows <= 64 ? 2048 : (rows + 31) / 32 * 1024;
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
