#pragma once

#include <memory>

#include "engine/model/execution.h"
#include "engine/model/weight_source.h"

namespace moescope {

// y = x W^T for a weight W [out, in]: prepacked for the CPU kernels, a plain tensor elsewhere.
class Linear {
public:
    Linear() = default;
    // W is the parts below one another. Their mapped pages are released once packed.
    Linear(std::span<const WeightRows> parts, const Execution& execution);

    std::int64_t outputs() const { return m_outputs; }
    std::size_t bytes() const;

    // y_TN = x_TM W^T in the compute type.
    void forward(const at::Tensor& x_TM, const at::Tensor& y_TN) const;
    // y_TN += x_TM W^T in f32.
    void addTo(const at::Tensor& x_TM, const at::Tensor& y_TN) const;
    // y_TN = x_TM W^T in f32.
    void forwardFloat(const at::Tensor& x_TM, const at::Tensor& y_TN) const;

    // loss[r] = -ln softmax(row r of x_TM W^T)[targets[r]]; NaN for a negative target.
    void tokenLoss(const at::Tensor& x_TM, const std::int32_t* targets, float* loss) const;

    // CPU kernels only: rows at a pointer, for callers inside a parallel region.
    template <class T>
    void forwardRowsFloat(std::int64_t rows, const T* x, float* y, std::int64_t ldy) const;

private:
    struct Packed;
    std::shared_ptr<const Packed> m_packed; // CPU kernels
    at::Tensor m_weight;                    // elsewhere
    std::int64_t m_outputs = 0;
};

} // namespace moescope
