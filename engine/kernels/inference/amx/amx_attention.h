#pragma once

#include <cstdint>

#include "engine/kernels/bf16.h"

namespace moescope {

// Queries [begin, end) of the heads that share one key/value head, in one sequence. headDim (of queries and
// keys) and valueDim are multiples of 32.
struct AmxAttentionTask {
    std::int64_t group = 1; // query heads
    std::int64_t headDim = 0;
    std::int64_t valueDim = 0;
    std::int64_t window = 0; // a query sees its last `window` keys; 0: all
    float scale = 1;
    std::int64_t past = 0; // keys before query 0
    std::int64_t begin = 0;
    std::int64_t end = 0;
    const Bf16* q = nullptr; // of the first head, query 0; head h at + h * headDim
    const Bf16* k = nullptr; // of the key/value head, key 0
    const Bf16* v = nullptr;
    Bf16* out = nullptr;          // of the first head, query 0; head h at + h * valueDim
    const float* sinks = nullptr; // [group] logits that take part in the softmax without a value; null: none
    std::int64_t ldq = 0;
    std::int64_t ldk = 0;
    std::int64_t ldv = 0;
    std::int64_t ldo = 0;

    std::int64_t firstKey() const {
        const std::int64_t first = past + begin - window + 1;
        return window > 0 && first > 0 ? first : 0;
    }
    std::int64_t keys() const { return past + end - firstKey(); } // that any of its queries sees
};

// Memory the task works in, 64-byte aligned; sizes in elements of the pointer's type.
struct AmxAttentionScratch {
    Bf16* keys;    // packedSize(task)
    Bf16* values;  // packedKeys(task) * valueDim
    float* scores; // kScores
    Bf16* weights; // kScores
    float* sum;    // kAmxRows * valueDim
    Bf16* query;   // kAmxRows * headDim

    static constexpr std::int64_t kKeyBlock = 256;
    static constexpr std::int64_t kScores = 32 * kKeyBlock;
    static std::int64_t packedKeys(const AmxAttentionTask& task) { return (task.keys() + 31) / 32 * 32; }
    static std::int64_t packedSize(const AmxAttentionTask& task) { return packedKeys(task) * task.headDim; }
};

void amxAttend(const AmxAttentionTask& task, const AmxAttentionScratch& scratch);

} // namespace moescope
