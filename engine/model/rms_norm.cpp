#include "engine/model/rms_norm.h"

#include <atomic>
#include <vector>

#include <ATen/TensorOperators.h>

#include "engine/kernels/inference/loops.h"
#include "engine/kernels/parallel.h"
#include "engine/routing/error.h"

namespace moescope {

void reportNotFinite(const std::string& where) {
    throw Error(ErrorCode::Corruption, where + ": the hidden state is not finite; the weights are damaged, or the "
                                               "compute type is too narrow for them (try --dtype f32)");
}

template <class T>
bool RmsNorm::forwardRows(std::int64_t rows, const float* x, float* unrounded, T* y) const {
    return inferenceLoops<T>().rmsNorm(rows, m_gain_D.size(0), x, dataOf<float>(m_gain_D), m_eps, unrounded, y);
}

template bool RmsNorm::forwardRows(std::int64_t, const float*, float*, float*) const;
template bool RmsNorm::forwardRows(std::int64_t, const float*, float*, Bf16*) const;

void RmsNorm::forward(const at::Tensor& x_TD, const at::Tensor& y_TD, const at::Tensor& float_TD,
                      const std::string& where) const {
    if (!m_ownKernels) {
        const at::Tensor meanSquare_T1 = x_TD.square().mean(-1, /*keepdim=*/true);
        if (!meanSquare_T1.isfinite().all().item<bool>())
            reportNotFinite(where);
        const at::Tensor normed_TD = x_TD * (meanSquare_T1 + m_eps).rsqrt() * m_gain_D;
        y_TD.copy_(normed_TD);
        if (float_TD.defined())
            float_TD.copy_(normed_TD);
        return;
    }
    const std::int64_t width = x_TD.size(1);
    std::atomic<bool> finite{true};
    withElement(y_TD.scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        parallelFor(x_TD.size(0), 16, [&](std::int64_t begin, std::int64_t end) {
            std::vector<float> scratch(float_TD.defined() ? 0 : std::size_t(width));
            for (std::int64_t t = begin; t < end; ++t) {
                float* unrounded = float_TD.defined() ? dataOf<float>(float_TD) + t * width : scratch.data();
                if (!forwardRows<T>(1, dataOf<float>(x_TD) + t * width, unrounded, dataOf<T>(y_TD) + t * width))
                    finite = false;
            }
        });
    });
    if (!finite)
        reportNotFinite(where);
}

} // namespace moescope
