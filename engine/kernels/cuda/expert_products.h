#pragma once

#include <cstdint>
#include <vector>

#include "engine/kernels/cuda/device.h"
#include "engine/kernels/cuda/element.h"

namespace moescope::cuda {

// y [rows, outputs] = x [rows, inputs] w [outputs, inputs]^T of one expert, all row-major and without gaps.
struct ExpertProduct {
    std::int64_t rows = 0;
    std::int64_t outputs = 0;
    std::int64_t inputs = 0;
    const void* x = nullptr;
    const void* w = nullptr;
    void* y = nullptr;
};

// Multiplies for all experts of a layer. Sums are f32, f32 products are not rounded to TF32.
class ExpertProducts {
public:
    virtual ~ExpertProducts() = default;
    virtual void multiply(Element element, const std::vector<ExpertProduct>& products, Stream stream) = 0;
};

// The products as BLAS takes them, whose matrices are column-major: y^T = op(a) op(b) with a = w, transposed, and b =
// x, each product a group of one. Element i of every list is of product i; products without rows are left out.
struct GroupedArguments {
    std::vector<int> m, n, k, lda, ldb, ldc;
    std::vector<const void*> a, b;
    std::vector<void*> c;

    explicit GroupedArguments(const std::vector<ExpertProduct>& products);
    std::size_t size() const { return m.size(); }
    // Whether every matrix begins, and every column of one, at a multiple of 16 bytes, as fast grouped products want.
    bool isAligned(Element element) const;
};

} // namespace moescope::cuda
