#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace moescope {

// A matrix W [n, k] of int8 codes for products with such rows, exact in int32: through oneDNN where the processor
// multiplies int8 without an intermediate that may overflow (VNNI, AMX), else in loops of our own, on any processor.
// Const functions may be called from several threads at once.
class Int8Matrix {
public:
    static constexpr std::int64_t kMostColumns = std::int64_t(1) << 17; // sums stay within 32 bits

    Int8Matrix();
    // Copies `codes`, row-major [n, k], none of them -128. Throws Error(Unsupported) where k is above kMostColumns.
    Int8Matrix(std::int64_t n, std::int64_t k, const std::int8_t* codes);
    ~Int8Matrix();
    Int8Matrix(Int8Matrix&&) noexcept;
    Int8Matrix& operator=(Int8Matrix&&) noexcept;

    std::size_t bytes() const;

    // y [m, n] = x [m, k] W^T on the calling thread inside a parallel region. Both without gaps.
    void multiply(std::int64_t m, const std::int8_t* x, std::int32_t* y) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace moescope
