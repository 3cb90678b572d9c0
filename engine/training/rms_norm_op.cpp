#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/parallel.h"
#include "engine/training/op_support.h"
#include "engine/training/ops.h"

namespace moescope {
namespace {

struct RmsNormFunction : torch::autograd::Function<RmsNormFunction> {
    static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& gain, double epsilon,
                              std::int64_t compute) {
        const std::int64_t width = x.size(1);
        at::Tensor y = at::empty(x.sizes(), x.options().dtype(at::ScalarType(compute)));
        at::Tensor rstd = at::empty({x.size(0)}, x.options());
        withElement(y.scalar_type(), [&](auto element) {
            using T = decltype(element);
            parallelFor(x.size(0), 64, [&](std::int64_t begin, std::int64_t end) {
                cpuKernels<T>().rmsNorm(end - begin, width, dataOf<float>(x) + begin * width, dataOf<float>(gain),
                                        float(epsilon), dataOf<T>(y) + begin * width, dataOf<float>(rstd) + begin);
            });
            return 0;
        });
        ctx->save_for_backward({x, gain, rstd});
        return y;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const auto saved = ctx->get_saved_variables();
        const at::Tensor& x = saved[0];
        const at::Tensor& gain = saved[1];
        const at::Tensor& rstd = saved[2];
        const at::Tensor dy = grads[0].contiguous();
        const std::int64_t rows = x.size(0);
        const std::int64_t width = x.size(1);
        at::Tensor dx = at::empty_like(x);
        // One partial sum a thread, added in a fixed order: the same result at every run.
        const std::int64_t parts = threadCount();
        at::Tensor partial = at::zeros({parts, width}, x.options());
        withElement(dy.scalar_type(), [&](auto element) {
            using T = decltype(element);
            parallelFor(parts, 1, [&](std::int64_t first, std::int64_t last) {
                for (std::int64_t p = first; p < last; ++p) {
                    const std::int64_t begin = rows * p / parts;
                    const std::int64_t end = rows * (p + 1) / parts;
                    cpuKernels<T>().rmsNormGrad(end - begin, width, dataOf<float>(x) + begin * width,
                                                dataOf<float>(gain), dataOf<float>(rstd) + begin,
                                                dataOf<T>(dy) + begin * width, dataOf<float>(dx) + begin * width,
                                                dataOf<float>(partial) + p * width);
                }
            });
            return 0;
        });
        return {dx, partial.sum(0), at::Tensor(), at::Tensor()};
    }
};

} // namespace

at::Tensor rmsNorm(const at::Tensor& x_NH, const at::Tensor& gain_H, double epsilon, at::ScalarType compute) {
    if (x_NH.is_cpu())
        return RmsNormFunction::apply(x_NH, gain_H, epsilon, std::int64_t(compute));
    const at::Tensor rstd = at::rsqrt(at::mean(x_NH * x_NH, -1, true) + epsilon);
    return (x_NH * rstd * gain_H).to(compute);
}

} // namespace moescope
