// Compiled for AMX and AVX-512 BF16: no inline function of the standard library is called, since the linker would
// keep one copy of it, possibly one that other processors cannot run.
#include "engine/kernels/inference/amx/amx_attention.h"

#include "engine/kernels/inference/amx/tile_product.h"
#include "engine/kernels/inference/amx/tile_transpose.h"
#include "engine/kernels/inference/amx/vector_math.h"

namespace moescope {
namespace {

using I = std::int64_t;

inline I smaller(I a, I b) {
    return a < b ? a : b;
}
inline I clampTo(I value, I low, I high) {
    return value < low ? low : value > high ? high : value;
}

// Keys as the left operand: tiles of 16 keys, each over the whole head.
void packKeys(const Bf16* k, I ld, I keys, I dim, Bf16* packed) {
    amxCopyTiled(k, ld, keys, dim, packed);
}

// Values, transposed, as the left operand: tiles of 16 columns, each over all keys; missing keys are zero.
void packValues(const Bf16* v, I ld, I keys, I dim, Bf16* packed) {
    const I blocks = (keys + 31) / 32;
    const auto load = [&](I key, I column) {
        return key < keys
                   ? _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(v + key * ld + column)))
                   : _mm512_setzero_si512();
    };
    for (I block = 0; block < blocks; ++block)
        for (I column = 0; column < dim; column += 16) {
            __m512i pairs[16];
            for (I p = 0; p < 16; ++p) {
                const I key = block * 32 + 2 * p;
                pairs[p] = _mm512_or_si512(load(key, column), _mm512_slli_epi32(load(key + 1, column), 16));
            }
            transpose16(pairs);
            for (I r = 0; r < 16; ++r)
                _mm512_store_si512(packed + (column / 16 * blocks + block) * 512 + r * 32, pairs[r]);
        }
}

constexpr float kNoSink = -1e30F; // e to that is nothing beside any sum
constexpr float kLowest = -1e30F;

// Fetches, beside the products, the rows that this tile's results go to and those of the queries after them: a row a
// step.
class RowsAhead {
public:
    RowsAhead(const Bf16* out, I ldo, I columns, const Bf16* next, I ldq, I dim, I rows)
        : m_out(out), m_next(next), m_ldo(ldo), m_ldq(ldq), m_columns(columns), m_dim(dim), m_rows(rows) {}

    void step() {
        if (m_row == m_rows)
            return;
        for (I column = 0; column < m_columns; column += 32)
            __builtin_prefetch(m_out + m_row * m_ldo + column, 1);
        for (I column = 0; column < m_dim; column += 32)
            __builtin_prefetch(m_next + m_row * m_ldq + column);
        ++m_row;
    }

private:
    const Bf16 *m_out, *m_next;
    I m_ldo, m_ldq, m_columns, m_dim, m_rows;
    I m_row = 0;
};

// 32 queries of one head, as columns: scores are keys x queries, so that maxima and sums run down the 16 lanes of a
// register and need no reductions. Products are K Q^T and V^T P^T.
class QueryTile {
public:
    QueryTile(const AmxAttentionTask& task, const AmxAttentionScratch& scratch, I head, I query)
        : m_task(task), m_scratch(scratch), m_query(query), m_rows(smaller(32, task.end - query)),
          m_out(task.out + query * task.ldo + head * task.valueDim),
          m_sink(task.sinks == nullptr ? kNoSink : task.sinks[head] * kLog2E),
          m_ahead(m_out, task.ldo, task.valueDim, nextQueries(task, head, query), task.ldq, task.headDim, m_rows) {
        const Bf16* q = task.q + query * task.ldq + head * task.headDim;
        for (int half = 0; half < 2; ++half) {
            amxPackTileColumn(q + half * 16 * task.ldq, task.ldq, clampTo(m_rows - half * 16, 0, 16), task.headDim,
                              half, scratch.query);
            m_top[half] = _mm512_set1_ps(kLowest);
            m_sum[half] = _mm512_setzero_ps();
        }
    }

    void run() {
        const I base = m_task.firstKey();
        const I last = m_task.past + m_query + m_rows - base; // keys the last query sees
        const I first = m_task.window > 0 ? clampTo(m_task.past + m_query - m_task.window + 1 - base, 0, last) : 0;
        bool fresh = true;
        for (I block = first / 32 * 32; block < last; block += AmxAttentionScratch::kKeyBlock) {
            addKeys(base, block, smaller(AmxAttentionScratch::kKeyBlock, last - block), fresh);
            fresh = false;
        }
        finish();
    }

private:
    static const Bf16* nextQueries(const AmxAttentionTask& task, I head, I query) {
        return head + 1 < task.group ? task.q + query * task.ldq + (head + 1) * task.headDim
                                     : task.q + (query + 32) * task.ldq;
    }

    void addKeys(I base, I block, I keys, bool fresh) {
        const I dim = m_task.headDim;
        const I blocks = (keys + 31) / 32;
        for (I b = 0; b < blocks; ++b) {
            const Bf16* tiles = m_scratch.keys + (block + b * 32) * dim;
            multiplyBlock(dim / 32, tiles, tiles + 16 * dim, 64, 512, m_scratch.query, m_scratch.scores + b * 1024,
                          true, m_ahead);
        }
        for (int half = 0; half < 2; ++half) {
            const I position = m_task.past + m_query + half * 16 - base - block; // the first query's own key
            const __m512 rescale = softmax(half, position, blocks * 32);
            if (!fresh)
                rescaleSums(half, rescale);
        }
        const I allBlocks = AmxAttentionScratch::packedKeys(m_task) / 32;
        for (I panel = 0; panel < m_task.valueDim / 32; ++panel) {
            const Bf16* tiles = m_scratch.values + (2 * panel * allBlocks + block / 32) * 512;
            multiplyBlock(blocks, tiles, tiles + allBlocks * 512, 64, 512, m_scratch.weights,
                          m_scratch.sum + panel * 1024, fresh, m_ahead);
        }
    }

    // The lanes whose query sees a key; `ahead`: how far the key is behind the first lane's own.
    __mmask16 seeing(I ahead) const {
        unsigned lanes = 0xFFFFU << clampTo(ahead, 0, 16);
        if (m_task.window > 0)
            lanes &= ~(0xFFFFU << clampTo(ahead + m_task.window, 0, 16));
        return __mmask16(lanes);
    }

    // Scores of 16 queries against `keys` keys to exponentials, as the right operand's tiles. position: the first
    // query's own key. Gives what earlier sums are multiplied by.
    __m512 softmax(int half, I position, I keys) {
        const float* scores = m_scratch.scores + half * 256;
        const __m512 scale = _mm512_set1_ps(m_task.scale * kLog2E);
        __m512 top = _mm512_set1_ps(kLowest);
        for (I key = 0; key < keys; key += 16)
            top = seenByAll(key - position) ? largest<false>(scores + key * 32, key - position, top)
                                            : largest<true>(scores + key * 32, key - position, top);
        const __m512 shift = _mm512_max_ps(m_top[half], _mm512_mul_ps(top, scale));
        __m512 sum = _mm512_setzero_ps();
        for (I key = 0; key < keys; key += 16) {
            Bf16* weights = m_scratch.weights + key / 32 * 1024 + half * 512 + key % 32 * 16;
            sum = seenByAll(key - position)
                      ? exponentials<false>(scores + key * 32, key - position, scale, shift, sum, weights)
                      : exponentials<true>(scores + key * 32, key - position, scale, shift, sum, weights);
        }
        const __m512 rescale = exp2Of(_mm512_sub_ps(m_top[half], shift));
        m_sum[half] = _mm512_fmadd_ps(m_sum[half], rescale, sum);
        m_top[half] = shift;
        return rescale;
    }

    // Whether all 16 queries see all 16 keys, the first of them so far behind the first query's own.
    bool seenByAll(I ahead) const { return ahead + 15 <= 0 && (m_task.window == 0 || ahead + m_task.window > 15); }

    // 16 rows of scores, a key each.
    template <bool Masked>
    __m512 largest(const float* scores, I ahead, __m512 top) const {
        __m512 other = top; // two chains
        for (I key = 0; key < 16; key += 2) {
            const __m512 even = _mm512_load_ps(scores + key * 16);
            const __m512 odd = _mm512_load_ps(scores + key * 16 + 16);
            top = Masked ? _mm512_mask_max_ps(top, seeing(ahead + key), top, even) : _mm512_max_ps(top, even);
            other = Masked ? _mm512_mask_max_ps(other, seeing(ahead + key + 1), other, odd) : _mm512_max_ps(other, odd);
        }
        return _mm512_max_ps(top, other);
    }

    template <bool Masked>
    __m512 exponentials(const float* scores, I ahead, __m512 scale, __m512 shift, __m512 sum, Bf16* weights) const {
        for (I key = 0; key < 16; key += 2) {
            __m512 even = exp2Of(_mm512_fmsub_ps(_mm512_load_ps(scores + key * 16), scale, shift));
            __m512 odd = exp2Of(_mm512_fmsub_ps(_mm512_load_ps(scores + key * 16 + 16), scale, shift));
            if (Masked) {
                even = _mm512_maskz_mov_ps(seeing(ahead + key), even);
                odd = _mm512_maskz_mov_ps(seeing(ahead + key + 1), odd);
            }
            sum = _mm512_add_ps(sum, _mm512_add_ps(even, odd));
            _mm512_store_si512(weights + key * 16, pairsOf(even, odd));
        }
        return sum;
    }

    void rescaleSums(int half, __m512 rescale) {
        for (I d = 0; d < m_task.valueDim; ++d) {
            float* row = resultRow(m_scratch.sum, d) + half * 256;
            _mm512_store_ps(row, _mm512_mul_ps(_mm512_load_ps(row), rescale));
        }
    }

    void finish() {
        for (int half = 0; half < 2; ++half) {
            const __m512 sink = exp2Of(_mm512_sub_ps(_mm512_set1_ps(m_sink), m_top[half]));
            const __m512 inverse = _mm512_div_ps(_mm512_set1_ps(1), _mm512_add_ps(m_sum[half], sink));
            const I queries = clampTo(m_rows - half * 16, 0, 16);
            for (I column = 0; column < m_task.valueDim; column += 32) {
                __m512i rows[16];
                for (I p = 0; p < 16; ++p) {
                    const float* even = resultRow(m_scratch.sum, column + 2 * p) + half * 256;
                    rows[p] = pairsOf(_mm512_mul_ps(_mm512_load_ps(even), inverse),
                                      _mm512_mul_ps(_mm512_load_ps(even + 16), inverse));
                }
                transpose16(rows);
                for (I q = 0; q < queries; ++q)
                    _mm512_storeu_si512(m_out + (half * 16 + q) * m_task.ldo + column, rows[q]);
            }
        }
    }

    const AmxAttentionTask& m_task;
    const AmxAttentionScratch& m_scratch;
    I m_query, m_rows;
    Bf16* m_out;
    float m_sink; // its logit, in powers of two
    RowsAhead m_ahead;
    __m512 m_top[2], m_sum[2]; // of 16 queries each; the maxima in powers of two
};

} // namespace

void amxAttend(const AmxAttentionTask& task, const AmxAttentionScratch& scratch) {
    const I base = task.firstKey();
    packKeys(task.k + base * task.ldk, task.ldk, task.keys(), task.headDim, scratch.keys);
    packValues(task.v + base * task.ldv, task.ldv, task.keys(), task.valueDim, scratch.values);
    const TileSession session;
    for (I query = task.begin; query < task.end; query += 32)
        for (I head = 0; head < task.group; ++head) // of a token, side by side in memory
            QueryTile(task, scratch, head, query).run();
}

} // namespace moescope
