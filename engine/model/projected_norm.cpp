#include "engine/model/projected_norm.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/inference/loops.h"
#include "engine/kernels/parallel.h"

namespace moescope {

void normHeads(const at::Tensor& x_TN, std::int64_t heads, const at::Tensor& gain_D, float eps,
               const Execution& execution) {
    const std::int64_t dim = gain_D.size(0);
    const std::int64_t ld = x_TN.stride(0);
    if (!execution.ownKernels) {
        const at::Tensor x_THD = x_TN.as_strided({x_TN.size(0), heads, dim}, {ld, dim, 1}, x_TN.storage_offset());
        const at::Tensor wide = x_THD.to(at::kFloat);
        x_THD.copy_(wide * (wide.square().mean(-1, /*keepdim=*/true) + eps).rsqrt() * gain_D);
        return;
    }
    withElement(x_TN.scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        parallelFor(x_TN.size(0), 16, [&](std::int64_t begin, std::int64_t end) {
            inferenceLoops<T>().headNorm(end - begin, heads, dim, ld, dataOf<float>(gain_D), eps,
                                         dataOf<T>(x_TN) + begin * ld);
        });
    });
}

void clampRows(const at::Tensor& x_TN, float limit, const Execution& execution) {
    if (!execution.ownKernels) {
        x_TN.clamp_(-double(limit), double(limit));
        return;
    }
    withElement(x_TN.scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        parallelFor(x_TN.size(0), 16, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t t = begin; t < end; ++t)
                inferenceLoops<T>().clamp(x_TN.size(1), limit, dataOf<T>(x_TN) + t * x_TN.stride(0));
        });
    });
}

} // namespace moescope
