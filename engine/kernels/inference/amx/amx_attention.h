#pragma once

#include <cstdint>

#include "engine/kernels/bf16.h"

namespace moescope {

// Queries [begin, end) of the heads that share one key/value head, in one sequence. headDim is a multiple of 32.
struct AmxAttentionTask {
    std::int64_t group; // query heads
    std::int64_t headDim;
    std::int64_t window; // a query sees its last `window` keys; 0: all
    float scale;
    std::int64_t past; // keys before query 0
    std::int64_t begin, end;
    const Bf16* q; // of the first head, query 0; head h at + h * headDim
    const Bf16* k; // of the key/value head, key 0
    const Bf16* v;
    Bf16* out; // as q
    std::int64_t ldq, ldkv, ldo;

    std::int64_t firstKey() const {
        const std::int64_t first = past + begin - window + 1;
        return window > 0 && first > 0 ? first : 0;
    }
    std::int64_t keys() const { return past + end - firstKey(); } // that any of its queries sees
};

// Memory the task works in, 64-byte aligned; sizes in elements of the pointer's type.
struct AmxAttentionScratch {
    Bf16* keys;    // packedSize(task)
    Bf16* values;  // packedSize(task)
    float* scores; // kScores
    Bf16* weights; // kScores
    float* part;   // kAmxRows * headDim
    float* sum;    // kAmxRows * headDim
    Bf16* query;   // kAmxRows * headDim

    static constexpr std::int64_t kKeyBlock = 512;
    static constexpr std::int64_t kScores = 32 * kKeyBlock;
    static std::int64_t packedSize(const AmxAttentionTask& task) { return (task.keys() + 31) / 32 * 32 * task.headDim; }
};

void amxAttend(const AmxAttentionTask& task, const AmxAttentionScratch& scratch);

} // namespace moescope
