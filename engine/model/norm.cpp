#include "engine/model/norm.h"

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

Norm::Norm(const WeightSource& weights, const std::string& gain, const Execution& execution)
    : m_gain_D(weights.vector(gain, execution)), m_eps(weights.config().normEps), m_ownKernels(execution.ownKernels) {
    if (weights.config().norm == NormKind::Layer)
        m_bias_D = weights.vector(biasName(gain), execution);
}

template <class T>
bool Norm::forwardRows(std::int64_t rows, const float* x, float* unrounded, T* y) const {
    const InferenceLoops<T>& loops = inferenceLoops<T>();
    const std::int64_t width = m_gain_D.size(0);
    if (m_bias_D.defined())
        return loops.layerNorm(rows, width, x, dataOf<float>(m_gain_D), dataOf<float>(m_bias_D), m_eps, unrounded, y);
    return loops.rmsNorm(rows, width, x, dataOf<float>(m_gain_D), m_eps, unrounded, y);
}

template bool Norm::forwardRows(std::int64_t, const float*, float*, float*) const;
template bool Norm::forwardRows(std::int64_t, const float*, float*, Bf16*) const;

void Norm::forward(const at::Tensor& x_TD, const at::Tensor& y_TD, const at::Tensor& float_TD,
                   const std::string& where) const {
    if (!m_ownKernels) {
        forwardWithTorch(x_TD, y_TD, float_TD, where);
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

void Norm::forwardWithTorch(const at::Tensor& x_TD, const at::Tensor& y_TD, const at::Tensor& float_TD,
                            const std::string& where) const {
    const bool centred = m_bias_D.defined();
    const at::Tensor centred_TD = centred ? x_TD - x_TD.mean(-1, /*keepdim=*/true) : x_TD;
    const at::Tensor meanSquare_T1 = centred_TD.square().mean(-1, /*keepdim=*/true);
    if (!meanSquare_T1.isfinite().all().item<bool>())
        reportNotFinite(where);
    at::Tensor normed_TD = centred_TD * (meanSquare_T1 + m_eps).rsqrt() * m_gain_D;
    if (centred)
        normed_TD = normed_TD + m_bias_D;
    y_TD.copy_(normed_TD);
    if (float_TD.defined())
        float_TD.copy_(normed_TD);
}

} // namespace moescope
