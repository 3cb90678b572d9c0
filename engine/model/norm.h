#pragma once

#include <string>

#include "engine/model/execution.h"
#include "engine/model/weight_source.h"

namespace moescope {

// The model's normalisation, statistics in f32: RMS norm, y = x * gain / sqrt(mean(x^2) + eps) (Zhang and Sennrich,
// arXiv 1910.07467), or layer norm, which subtracts the mean and adds a bias (Ba et al., arXiv 1607.06450).
class Norm {
public:
    Norm() = default;
    // The gain of that name and, where the model's norms have one, the bias beside it.
    Norm(const WeightSource& weights, const std::string& gain, const Execution& execution);

    // x_TD f32 -> y_TD in its own dtype and, where defined, float_TD, the unrounded result. Throws Error(Corruption)
    // beginning with `where` when a row of x is not finite.
    void forward(const at::Tensor& x_TD, const at::Tensor& y_TD, const at::Tensor& float_TD,
                 const std::string& where) const;

    // CPU kernels only: rows at pointers, for callers inside a parallel region. Returns whether all are finite.
    template <class T>
    bool forwardRows(std::int64_t rows, const float* x, float* unrounded, T* y) const;

private:
    void forwardWithTorch(const at::Tensor& x_TD, const at::Tensor& y_TD, const at::Tensor& float_TD,
                          const std::string& where) const;

    at::Tensor m_gain_D;
    at::Tensor m_bias_D; // layer norm only
    float m_eps = 0;
    bool m_ownKernels = true;
};

[[noreturn]] void reportNotFinite(const std::string& where);

} // namespace moescope
