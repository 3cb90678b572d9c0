#pragma once

#include <memory>

#include "engine/model/execution.h"
#include "engine/model/weight_source.h"

namespace moescope {

// y = x W^T + b for a weight W [out, in]: prepacked for the CPU kernels, a plain tensor elsewhere.
class Linear {
public:
    Linear() = default;
    // W is the parts below one another. Their mapped pages are released once packed.
    Linear(std::span<const StoredMatrix> parts, const Execution& execution, at::Tensor bias_N = {});
    // The weight of that name, and the bias beside it where `biased`.
    Linear(const WeightSource& weights, const std::string& name, bool biased, const Execution& execution);

    std::int64_t outputs() const { return m_outputs; }
    bool isBiased() const { return m_bias_N.defined(); }
    std::size_t bytes() const;

    // y_TN = x_TM W^T + b in the compute type.
    void forward(const at::Tensor& x_TM, const at::Tensor& y_TN) const;
    // y_TN += x_TM W^T + b in f32.
    void addTo(const at::Tensor& x_TM, const at::Tensor& y_TN) const;
    // y_TN = x_TM W^T + b in f32.
    void forwardFloat(const at::Tensor& x_TM, const at::Tensor& y_TN) const;

    // loss[r] = -ln softmax(row r of x_TM W^T)[targets[r]]; NaN for a negative target. Not for biased ones.
    void tokenLoss(const at::Tensor& x_TM, const std::int32_t* targets, float* loss) const;

    // CPU kernels only: rows at a pointer, for callers inside a parallel region.
    template <class T>
    void forwardRowsFloat(std::int64_t rows, const T* x, float* y, std::int64_t ldy) const;

private:
    void addBias(const at::Tensor& y_TN) const;

    struct Packed;
    std::shared_ptr<const Packed> m_packed; // CPU kernels
    at::Tensor m_weight;                    // elsewhere
    at::Tensor m_bias_N;                    // f32; undefined: none
    std::int64_t m_outputs = 0;
};

} // namespace moescope
