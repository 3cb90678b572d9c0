#pragma once

#include "engine/kernels/inference/amx/amx_matrix.h"

namespace moescope {

// A single row times the weights that tiles are made for, as when text is generated token by token. Each weight is used
// once, so memory sets the pace: vectors keep up with it, and a tile would be one row in sixteen full. Column pairs
// [pairBegin, pairEnd) of the result; columns beyond `columns` are not stored. x and y are plain rows.
void amxRowToBf16(const Bf16* x, const AmxWeights& w, std::int64_t pairBegin, std::int64_t pairEnd,
                  std::int64_t columns, Bf16* y);
void amxRowToFloat(const Bf16* x, const AmxWeights& w, std::int64_t pairBegin, std::int64_t pairEnd,
                   std::int64_t columns, float* y, bool accumulate);
// Weights whose pairs are (gate, up): y = silu(gate) * up, 16 columns a pair.
void amxRowToSwiGlu(const Bf16* x, const AmxWeights& w, std::int64_t pairBegin, std::int64_t pairEnd, Bf16* y);

} // namespace moescope
