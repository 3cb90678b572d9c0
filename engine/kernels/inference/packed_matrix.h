#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/kernels/bf16.h"

namespace moescope {

// A weight matrix W [n, k] in the layout the matrix kernels read fastest, made once. T is float or Bf16; products
// accumulate in f32. Const functions may be called from several threads at once.
template <class T>
class PackedMatrix {
public:
    PackedMatrix();
    // Copies `weight`, row-major [n, k].
    PackedMatrix(std::int64_t n, std::int64_t k, const T* weight);
    ~PackedMatrix();
    PackedMatrix(PackedMatrix&&) noexcept;
    PackedMatrix& operator=(PackedMatrix&&) noexcept;

    std::int64_t rows() const;    // n
    std::int64_t columns() const; // k
    std::size_t bytes() const;

    // y [m, n] = x [m, k] W^T on the calling thread inside a parallel region, else over the pool.
    void multiply(std::int64_t m, const T* x, std::int64_t ldx, T* y, std::int64_t ldy) const;
    // The same into f32: T = Bf16 only; `accumulate` adds to y, for either T.
    void multiplyFloat(std::int64_t m, const T* x, std::int64_t ldx, float* y, std::int64_t ldy, bool accumulate) const;

    // loss[r] = -ln softmax(row r of x W^T)[targets[r]], in nats; NaN for a negative target. x [m, k] without gaps.
    // Never holds more than a few rows of results.
    void tokenLoss(std::int64_t m, const T* x, const std::int32_t* targets, float* loss) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// Whether PackedMatrix<Bf16> works on this processor, fast or not.
bool canMultiplyBf16();

std::string matrixLibraryVersion(); // "oneDNN 2.6.3"

extern template class PackedMatrix<float>;
extern template class PackedMatrix<Bf16>;

} // namespace moescope
