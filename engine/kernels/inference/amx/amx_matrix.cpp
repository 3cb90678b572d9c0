// Compiled for AMX and AVX-512 BF16: no inline function of the standard library is called, since the linker would
// keep one copy of it, possibly one that other processors cannot run.
#include "engine/kernels/inference/amx/amx_matrix.h"

#include "engine/kernels/inference/amx/tile_product.h"
#include "engine/kernels/inference/amx/tile_transpose.h"
#include "engine/kernels/inference/amx/vector_math.h"

namespace moescope {
namespace {

using I = std::int64_t;

// Depth taken at a time: the right operand's 2 x 16 KiB then stay in the first-level cache for all rows.
constexpr I kDepthBlocks = 16;

// What is done beside the tile unit's work, a little at each step of k: the next weights are fetched, and results that
// are complete are finished, row by row.
template <class FinishRow>
class Beside {
public:
    Beside(const FinishRow& finish, const Bf16* next, I lines)
        : m_finish(finish), m_prefetch{reinterpret_cast<const char*>(next), lines} {}

    // Rows [begin, end) of a pair are complete; they take about `steps` steps.
    void complete(I pair, I begin, I end, I steps) {
        finishAll();
        m_pair = pair;
        m_row = begin;
        m_end = end;
        m_rowsAStep = (end - begin + steps - 1) / steps;
    }

    void step() {
        m_prefetch.step();
        for (I i = 0; i < m_rowsAStep && m_row < m_end; ++i)
            m_finish(m_pair, m_row++);
    }

    void finishAll() {
        while (m_row < m_end)
            m_finish(m_pair, m_row++);
    }

private:
    const FinishRow& m_finish;
    Prefetch m_prefetch;
    I m_pair = 0, m_row = 0, m_end = 0, m_rowsAStep = 0;
};

// Calls finish(pair, row) for each row of each pair with its results in scratch, while the tile unit is at the next 32
// rows.
template <class FinishRow>
void multiplyPairs(const AmxOperand& x, I rows, const AmxWeights& w, I pairBegin, I pairEnd, float* scratch,
                   const FinishRow& finish) {
    const TileSession session;
    const I depth = w.k / kAmxDepth;
    const I rowBlocks = (rows + kAmxRows - 1) / kAmxRows;
    const I linesAStep = (32 + rowBlocks - 1) / rowBlocks; // of the 32 that a step of one row block uses
    for (I pair = pairBegin; pair < pairEnd; ++pair) {
        const Bf16* panel = w.data + pair * depth * 1024;
        Beside<FinishRow> beside(finish, panel + depth * 1024, pair + 1 < pairEnd ? linesAStep : 0);
        for (I begin = 0; begin < depth; begin += kDepthBlocks) {
            const I count = depth - begin < kDepthBlocks ? depth - begin : kDepthBlocks;
            for (I block = 0; block < rowBlocks; ++block) {
                const Bf16* a = x.data + 2 * block * x.rowBlock + begin * x.depthBlock;
                multiplyBlock(count, a, a + x.rowBlock, x.row * I(sizeof(Bf16)), x.depthBlock, panel + begin * 1024,
                              scratch + block * 1024, begin == 0, beside);
                if (begin + count == depth)
                    beside.complete(pair, block * 32, block * 32 + 32 < rows ? block * 32 + 32 : rows, count);
            }
        }
        beside.finishAll();
    }
}

// The row's results of the next pair go here: without this, stores to rows far apart wait for their lines one by one.
template <class T>
inline void prefetchNextPair(T* to) {
    __builtin_prefetch(to + kAmxColumns, 1, 3);
}

inline __mmask16 columnMask(I columns) {
    return columns >= 16 ? __mmask16(0xFFFF) : columns <= 0 ? __mmask16(0) : __mmask16((1U << columns) - 1U);
}

} // namespace

void amxPackTileColumn(const Bf16* w, I ld, I columns, I k, int half, Bf16* pair) {
    for (I j = 0; j < k / kAmxDepth; ++j) {
        __m512i rows[16]; // tile row p holds elements 2p, 2p + 1 of all 16 columns
        for (I column = 0; column < 16; ++column)
            rows[column] =
                column < columns ? _mm512_loadu_si512(w + column * ld + j * kAmxDepth) : _mm512_setzero_si512();
        transpose16(rows);
        for (I p = 0; p < 16; ++p)
            _mm512_storeu_si512(pair + j * 1024 + half * 512 + p * 32, rows[p]);
    }
}

void amxToBf16(const AmxOperand& x, I rows, const AmxWeights& w, I pairBegin, I pairEnd, I columns, float* scratch,
               Bf16* y, I ldy) {
    multiplyPairs(x, rows, w, pairBegin, pairEnd, scratch, [&](I pair, I r) {
        const float* from = resultRow(scratch, r);
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
    multiplyPairs(x, rows, w, pairBegin, pairEnd, scratch, [&](I pair, I r) {
        for (I half = 0; half < 2; ++half) {
            const __mmask16 mask = columnMask(columns - pair * 32 - half * 16);
            float* to = y + r * ldy + pair * 32 + half * 16;
            prefetchNextPair(to);
            __m512 value = _mm512_load_ps(resultRow(scratch, r) + half * 256);
            if (accumulate)
                value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(mask, to));
            _mm512_mask_storeu_ps(to, mask, value);
        }
    });
}

void amxToSwiGlu(const AmxOperand& x, I rows, const AmxWeights& w, float* scratch, Bf16* y, I inner) {
    multiplyPairs(x, rows, w, 0, w.pairs, scratch, [&](I pair, I r) {
        Bf16* column = y + pair / 2 * 512 + pair % 2 * 16; // of the tile that holds these 16 columns
        const float* from = resultRow(scratch, r);
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
    multiplyPairs(x, rows, w, 0, w.pairs, scratch, [&](I pair, I r) {
        const __mmask16 low = columnMask(columns - pair * 32);
        const __mmask16 high = columnMask(columns - pair * 32 - 16);
        const float* row = resultRow(scratch, r);
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
