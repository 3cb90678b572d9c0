// Compiled for AMX and AVX-512 BF16: no inline function of the standard library is called, since the linker would
// keep one copy of it, possibly one that other processors cannot run.
#include "engine/kernels/inference/amx/amx_attention.h"

#include "engine/kernels/inference/amx/tile_product.h"
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

// Values as the right operand of weights x values: tile rows are pairs of keys. Panels of 32 columns, each all keys.
void packValues(const Bf16* v, I ld, I keys, I dim, Bf16* packed) {
    const I blocks = (keys + 31) / 32;
    for (I panel = 0; panel < dim / 32; ++panel)
        for (I block = 0; block < blocks; ++block)
            for (I p = 0; p < 16; ++p)
                for (I half = 0; half < 2; ++half) {
                    const I key = block * 32 + 2 * p;
                    const Bf16* from = v + key * ld + panel * 32 + half * 16;
                    const __m256i none = _mm256_setzero_si256();
                    const auto* even = reinterpret_cast<const __m256i*>(from);
                    const auto* odd = reinterpret_cast<const __m256i*>(from + ld);
                    const __m512i low = _mm512_cvtepu16_epi32(key < keys ? _mm256_loadu_si256(even) : none);
                    const __m512i high = _mm512_cvtepu16_epi32(key + 1 < keys ? _mm256_loadu_si256(odd) : none);
                    _mm512_store_si512(packed + (panel * blocks + block) * 1024 + half * 512 + p * 32,
                                       _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
                }
}

// Keys as the right operand of queries x keys: pairs of 16 keys, each over the whole head.
void packKeys(const Bf16* k, I ld, I keys, I dim, Bf16* packed) {
    for (I tile = 0; tile < (keys + 31) / 32 * 2; ++tile)
        amxPackTileColumn(k + tile * 16 * ld, ld, clampTo(keys - tile * 16, 0, 16), dim, int(tile % 2),
                          packed + tile / 2 * kAmxColumns * dim);
}

inline __mmask16 between(I lo, I hi, I segment) {
    const I low = clampTo(lo - segment * 16, 0, 16);
    const I high = clampTo(hi - segment * 16, 0, 16);
    return __mmask16(((1U << high) - 1U) & ~((1U << low) - 1U));
}

constexpr float kNoSink = -1e30F; // e to that is nothing beside any sum

// 32 queries of one head.
class QueryTile {
public:
    QueryTile(const AmxAttentionTask& task, const AmxAttentionScratch& scratch, I head, I query)
        : m_task(task), m_scratch(scratch), m_query(query), m_rows(smaller(32, task.end - query)),
          m_out(task.out + query * task.ldo + head * task.valueDim),
          m_sink(task.sinks == nullptr ? kNoSink : task.sinks[head] * kLog2E) {
        const Bf16* q = task.q + query * task.ldq + head * task.headDim;
        m_operand = AmxOperand::rowMajor(q, task.ldq);
        if (m_rows < 32) { // rows behind the last query may not exist
            amxCopyTiled(q, task.ldq, m_rows, task.headDim, scratch.query);
            m_operand = AmxOperand::tiled(scratch.query, task.headDim);
        }
    }

    void run() {
        const I base = m_task.firstKey();
        const I last = m_task.past + m_query + m_rows - base; // keys the last row sees
        const I first = m_task.window > 0 ? clampTo(m_task.past + m_query - m_task.window + 1 - base, 0, last) : 0;
        bool fresh = true;
        for (I block = first / 32 * 32; block < last; block += AmxAttentionScratch::kKeyBlock) {
            addKeys(base, block, smaller(AmxAttentionScratch::kKeyBlock, last - block), fresh);
            fresh = false;
        }
        finish();
    }

private:
    void addKeys(I base, I block, I keys, bool fresh) {
        const I dim = m_task.headDim;
        const I pairs = (keys + 31) / 32;
        for (I pair = 0; pair < pairs; ++pair)
            multiplyBlock(dim / 32, m_operand.data, m_operand.data + m_operand.rowBlock,
                          m_operand.row * I(sizeof(Bf16)), m_operand.depthBlock,
                          m_scratch.keys + (block / 32 + pair) * 32 * dim, m_scratch.scores + pair * 1024, true,
                          m_none);
        for (I r = 0; r < m_rows; ++r) {
            const I position = m_task.past + m_query + r - base - block; // the row's own key in this block
            const I lo = m_task.window > 0 ? clampTo(position - m_task.window + 1, 0, keys) : 0;
            softmaxRow(r, lo, clampTo(position + 1, lo, keys), pairs, fresh);
        }
        const I allBlocks = AmxAttentionScratch::packedKeys(m_task) / 32;
        for (I panel = 0; panel < m_task.valueDim / 32; ++panel)
            multiplyBlock(pairs, m_scratch.weights, m_scratch.weights + pairs * 512, 64, 512,
                          m_scratch.values + (panel * allBlocks + block / 32) * 1024, m_scratch.part + panel * 1024,
                          true, m_none);
        addPart(fresh);
    }

    // Row r of the scores to exponentials over keys lo .. hi, as a row of the left operand's tiles.
    void softmaxRow(I r, I lo, I hi, I pairs, bool fresh) {
        const __m512 scale = _mm512_set1_ps(m_task.scale * kLog2E);
        const float* row = resultRow(m_scratch.scores, r);
        const I begin = lo / 16;
        const I end = (hi + 15) / 16;
        __m512 top = _mm512_set1_ps(-1e30F);
        for (I s = begin; s < end; ++s)
            top = _mm512_mask_max_ps(top, between(lo, hi, s), top, _mm512_load_ps(row + s / 2 * 1024 + s % 2 * 256));
        const float before = fresh ? -1e30F : m_top[r];
        const float mine = _mm512_reduce_max_ps(top) * m_task.scale * kLog2E;
        const float shift = mine > before ? mine : before;
        Bf16* weights = m_scratch.weights + r / 16 * pairs * 512 + r % 16 * 32;
        const __m512 shifts = _mm512_set1_ps(shift);
        __m512 sum = _mm512_setzero_ps();
        for (I s = 0; s < 2 * pairs; ++s) {
            const bool whole = s * 16 >= lo && s * 16 + 16 <= hi;
            const __mmask16 mask = whole ? __mmask16(0xFFFF) : between(lo, hi, s);
            const __m512 score = _mm512_load_ps(row + s / 2 * 1024 + s % 2 * 256);
            const __m512 e = _mm512_maskz_mov_ps(mask, exp2Of(_mm512_fmsub_ps(score, scale, shifts)));
            sum = _mm512_add_ps(sum, e);
            storeBf16(weights + s / 2 * 512 + s % 2 * 16, 0xFFFF, e);
        }
        m_rescale[r] = fresh ? 0.0F : _mm512_cvtss_f32(exp2Of(_mm512_set1_ps(before - shift)));
        m_sum[r] = (fresh ? 0.0F : m_sum[r] * m_rescale[r]) + _mm512_reduce_add_ps(sum);
        m_top[r] = shift;
    }

    void addPart(bool fresh) {
        const I dim = m_task.valueDim;
        for (I r = 0; r < m_rows; ++r)
            for (I s = 0; s < dim / 16; ++s) {
                const __m512 part = _mm512_load_ps(resultRow(m_scratch.part, r) + s / 2 * 1024 + s % 2 * 256);
                float* sum = m_scratch.sum + r * dim + s * 16;
                _mm512_store_ps(sum, fresh ? part
                                           : _mm512_fmadd_ps(_mm512_load_ps(sum), _mm512_set1_ps(m_rescale[r]), part));
            }
    }

    void finish() {
        const I dim = m_task.valueDim;
        for (I r = 0; r < m_rows; ++r) {
            const float sink = _mm512_cvtss_f32(exp2Of(_mm512_set1_ps(m_sink - m_top[r])));
            const __m512 inverse = _mm512_set1_ps(1.0F / (m_sum[r] + sink));
            for (I s = 0; s < dim / 16; ++s)
                storeBf16(m_out + r * m_task.ldo + s * 16, 0xFFFF,
                          _mm512_mul_ps(_mm512_load_ps(m_scratch.sum + r * dim + s * 16), inverse));
        }
    }

    const AmxAttentionTask& m_task;
    const AmxAttentionScratch& m_scratch;
    I m_query, m_rows;
    Bf16* m_out;
    float m_sink; // its logit, in powers of two
    AmxOperand m_operand{};
    Prefetch m_none;
    float m_top[32], m_sum[32], m_rescale[32];
};

} // namespace

void amxAttend(const AmxAttentionTask& task, const AmxAttentionScratch& scratch) {
    const I base = task.firstKey();
    packKeys(task.k + base * task.ldk, task.ldk, task.keys(), task.headDim, scratch.keys);
    packValues(task.v + base * task.ldv, task.ldv, task.keys(), task.valueDim, scratch.values);
    const TileSession session;
    for (I head = 0; head < task.group; ++head)
        for (I query = task.begin; query < task.end; query += 32)
            QueryTile(task, scratch, head, query).run();
}

} // namespace moescope
