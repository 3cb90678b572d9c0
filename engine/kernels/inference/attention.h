#pragma once

#include <cstdint>
#include <span>

#include "engine/kernels/bf16.h"

namespace moescope {

// Causal attention of grouped heads: query head h reads key/value head h / (heads / kvHeads).
struct AttentionShape {
    std::int64_t heads = 0;
    std::int64_t kvHeads = 0;
    std::int64_t headDim = 0;
    std::int64_t window = 0; // a query sees its last `window` keys, itself included; 0: all
    float scale = 1.0F;      // of query times key
};

// One sequence: `queries` rows whose keys and values follow `past` earlier ones. Row-major with the given distance
// between rows; head h starts at column h * headDim.
template <class T>
struct AttentionSequence {
    std::int64_t queries = 0;
    std::int64_t past = 0;
    const T* q = nullptr; // [queries, heads * headDim]
    const T* k = nullptr; // [past + queries, kvHeads * headDim]
    const T* v = nullptr;
    T* out = nullptr; // [queries, heads * headDim]
    std::int64_t ldq = 0;
    std::int64_t ldkv = 0;
    std::int64_t ldo = 0;
};

// Tiled with online softmax (Dao et al., arXiv 2205.14135): memory does not grow with the keys. Scores and sums are
// f32; with T = Bf16 the exponentials are rounded before they meet the values. Threaded over sequences, heads and
// blocks of queries; the result does not depend on the number of threads.
template <class T>
void attend(const AttentionShape& shape, std::span<const AttentionSequence<T>> sequences);

extern template void attend<float>(const AttentionShape&, std::span<const AttentionSequence<float>>);
extern template void attend<Bf16>(const AttentionShape&, std::span<const AttentionSequence<Bf16>>);

} // namespace moescope
