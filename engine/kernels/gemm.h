#pragma once

#include <cstdint>

#include "engine/kernels/bf16.h"

namespace moescope {

// A row-major matrix in memory, or its transpose: element (i, j) of op(X) is data[i * ld + j], or data[j * ld + i]
// when transposed.
template <class T>
struct MatrixView {
    T* data;
    std::int64_t ld;
    bool transposed = false;
};

template <class T>
MatrixView<T> transpose(MatrixView<T> m) {
    return {m.data, m.ld, !m.transposed};
}

// C[m, n] = A[m, k] B[k, n], or C += A B with `accumulate` (f32 C only). bf16 products accumulate in f32.
// Threaded over the engine's pool, or on the calling thread inside a parallel region. C is never transposed.
// Backed by oneDNN, whose compiled kernels are kept for each shape: callers that meet many row counts round them up.
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, MatrixView<const float> a, MatrixView<const float> b,
          MatrixView<float> c, bool accumulate = false);
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, MatrixView<const Bf16> a, MatrixView<const Bf16> b,
          MatrixView<float> c, bool accumulate = false);
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, MatrixView<const Bf16> a, MatrixView<const Bf16> b,
          MatrixView<Bf16> c);

// Whether this processor multiplies bf16 in hardware (AVX-512 BF16 or AMX), so that bf16 is the faster choice.
bool hasFastBf16();

} // namespace moescope
