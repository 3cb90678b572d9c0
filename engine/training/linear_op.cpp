#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/gemm.h"
#include "engine/kernels/parallel.h"
#include "engine/training/op_support.h"
#include "engine/training/ops.h"

namespace moescope {
namespace {

struct LinearFunction : torch::autograd::Function<LinearFunction> {
    static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& weight,
                              std::int64_t resultType) {
        const auto result = at::ScalarType(resultType);
        const at::Tensor w = inType(weight, x.scalar_type());
        ctx->save_for_backward({x, w});
        const std::int64_t n = x.size(0);
        const std::int64_t k = x.size(1);
        const std::int64_t m = weight.size(0);
        at::Tensor y = at::empty({n, m}, x.options().dtype(result));
        withElement(x.scalar_type(), [&](auto element) {
            using T = decltype(element);
            const MatrixView<const T> a{dataOf<T>(x), k};
            const MatrixView<const T> b{dataOf<T>(w), k, true};
            if (result == at::kFloat)
                gemm(n, m, k, a, b, MatrixView<float>{dataOf<float>(y), m});
            else
                gemm(n, m, k, a, b, MatrixView<T>{dataOf<T>(y), m});
            return 0;
        });
        return y;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const auto saved = ctx->get_saved_variables();
        const at::Tensor& x = saved[0];
        const at::Tensor& w = saved[1];
        const at::Tensor dy = inType(grads[0].contiguous(), x.scalar_type());
        const std::int64_t n = x.size(0);
        const std::int64_t k = x.size(1);
        const std::int64_t m = w.size(0);
        at::Tensor dx = at::empty_like(x);
        at::Tensor dw = at::empty({m, k}, x.options().dtype(at::kFloat));
        withElement(x.scalar_type(), [&](auto element) {
            using T = decltype(element);
            const MatrixView<const T> d{dataOf<T>(dy), m};
            gemm(n, k, m, d, MatrixView<const T>{dataOf<T>(w), k}, MatrixView<T>{dataOf<T>(dx), k});
            gemm(m, k, n, transpose(d), MatrixView<const T>{dataOf<T>(x), k}, MatrixView<float>{dataOf<float>(dw), k});
            return 0;
        });
        return {dx, dw, at::Tensor()};
    }
};

} // namespace

at::Tensor inType(const at::Tensor& t, at::ScalarType type) {
    if (t.scalar_type() == type)
        return t;
    if (!t.is_cpu() || t.scalar_type() != at::kFloat || type != at::kBFloat16)
        return t.to(type);
    const at::Tensor source = t.contiguous();
    at::Tensor out = at::empty_like(source, source.options().dtype(type));
    parallelFor(source.numel(), 1 << 15, [&](std::int64_t begin, std::int64_t end) {
        cpuKernels<Bf16>().fromFloat(end - begin, dataOf<float>(source) + begin, dataOf<Bf16>(out) + begin);
    });
    return out;
}

at::Tensor linear(const at::Tensor& x_NK, const at::Tensor& weight_MK, at::ScalarType result) {
    if (x_NK.is_cpu())
        return LinearFunction::apply(x_NK, weight_MK, std::int64_t(result));
    return at::matmul(x_NK, weight_MK.to(x_NK.scalar_type()).t()).to(result);
}

} // namespace moescope
