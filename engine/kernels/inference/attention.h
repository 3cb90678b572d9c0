#pragma once

#include <cstdint>
#include <span>

#include "engine/kernels/bf16.h"

namespace moescope {

// Attention of grouped heads: query head h reads key/value head h / (heads / kvHeads).
struct AttentionShape {
    std::int64_t heads = 0;
    std::int64_t kvHeads = 0;
    std::int64_t headDim = 0;     // of queries and keys
    std::int64_t window = 0;      // a query sees its last `window` keys, itself included; 0: all
    float scale = 1.0F;           // of query times key
    std::int64_t valueDim = 0;    // of values and output; 0: as headDim
    std::int64_t keyStride = 0;   // from one key head to the next; 0: headDim
    std::int64_t valueStride = 0; // from one value head to the next; 0: valueDim
    bool causal = true;           // false: every query sees every key
    const float* sinks = nullptr; // [heads] a logit that takes part in each softmax and has no value
    // Added to the scaled score of (query, key): bias[head * biasLd + biasCenter + key - query], positions counted in
    // the sequence.
    const float* bias = nullptr;
    std::int64_t biasLd = 0;
    std::int64_t biasCenter = 0;

    std::int64_t values() const { return valueDim > 0 ? valueDim : headDim; }
    std::int64_t keyStep() const { return keyStride > 0 ? keyStride : headDim; }
    std::int64_t valueStep() const { return valueStride > 0 ? valueStride : values(); }
};

// One sequence: `queries` rows whose keys and values follow `past` earlier ones. Row-major with the given distance
// between rows; head h of queries starts at column h * headDim, of the output at h * valueDim.
template <class T>
struct AttentionSequence {
    std::int64_t queries = 0;
    std::int64_t past = 0;
    const T* q = nullptr; // [queries, heads * headDim]
    const T* k = nullptr; // [past + queries, kvHeads * headDim]
    const T* v = nullptr; // [past + queries, kvHeads * valueDim]
    T* out = nullptr;     // [queries, heads * valueDim]
    std::int64_t ldq = 0;
    std::int64_t ldkv = 0; // of keys, and of values unless ldv says otherwise
    std::int64_t ldo = 0;
    std::int64_t ldv = 0;

    std::int64_t ldValues() const { return ldv > 0 ? ldv : ldkv; }
};

// Tiled with online softmax (Dao et al., arXiv 2205.14135): memory does not grow with the keys. Scores and sums are
// f32; with T = Bf16 the exponentials are rounded before they meet the values. Threaded over sequences, heads and
// blocks of queries; the result does not depend on the number of threads.
template <class T>
void attend(const AttentionShape& shape, std::span<const AttentionSequence<T>> sequences);

extern template void attend<float>(const AttentionShape&, std::span<const AttentionSequence<float>>);
extern template void attend<Bf16>(const AttentionShape&, std::span<const AttentionSequence<Bf16>>);

} // namespace moescope
