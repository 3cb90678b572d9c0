#pragma once

#include <string>

#include "engine/model/execution.h"

namespace moescope {

// y = x * gain / sqrt(mean(x^2) + eps), statistics in f32 (Zhang and Sennrich, arXiv 1910.07467).
class RmsNorm {
public:
    RmsNorm() = default;
    RmsNorm(at::Tensor gain_D, float eps, const Execution& execution)
        : m_gain_D(std::move(gain_D)), m_eps(eps), m_ownKernels(execution.ownKernels) {}

    // x_TD f32 -> y_TD in its own dtype and, where defined, float_TD, the unrounded result. Throws Error(Corruption)
    // beginning with `where` when a row of x is not finite.
    void forward(const at::Tensor& x_TD, const at::Tensor& y_TD, const at::Tensor& float_TD,
                 const std::string& where) const;

    // CPU kernels only: rows at pointers, for callers inside a parallel region. Returns whether all are finite.
    template <class T>
    bool forwardRows(std::int64_t rows, const float* x, float* unrounded, T* y) const;

private:
    at::Tensor m_gain_D;
    float m_eps = 0;
    bool m_ownKernels = true;
};

[[noreturn]] void reportNotFinite(const std::string& where);

} // namespace moescope
