#include <cstring>
#include <vector>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/gemm.h"
#include "engine/kernels/parallel.h"
#include "engine/training/op_support.h"
#include "engine/training/ops.h"

namespace moescope {
namespace {

// Every expert's rows start at a multiple of this, so that few distinct products have to be compiled. The rows between
// are zero and take part in the products without effect.
constexpr std::int64_t rowMultiple = 64;

struct Permutation {
    std::vector<std::int64_t> begin;    // [experts + 1] first row of each expert
    std::vector<std::int64_t> rows;     // [experts] rows in use
    std::vector<std::int64_t> position; // [N, k] row of each assignment; -1: a slot without expert

    Permutation(const std::int64_t* ids, std::int64_t assignments, std::int64_t experts)
        : begin(std::size_t(experts + 1)), rows(std::size_t(experts)), position(std::size_t(assignments)) {
        for (std::int64_t i = 0; i < assignments; ++i)
            if (ids[i] >= 0)
                ++rows[std::size_t(ids[i])];
        for (std::size_t e = 0; e < rows.size(); ++e)
            begin[e + 1] = begin[e] + (rows[e] + rowMultiple - 1) / rowMultiple * rowMultiple;
        std::vector<std::int64_t> next(begin.begin(), begin.end() - 1);
        for (std::int64_t i = 0; i < assignments; ++i)
            position[std::size_t(i)] = ids[i] >= 0 ? next[std::size_t(ids[i])]++ : -1;
    }

    std::int64_t total() const { return begin.back(); }
    std::int64_t padded(std::size_t expert) const { return begin[expert + 1] - begin[expert]; }
};

// Copies each token's row (times its factor, if any) to the rows of its experts; rows between are zero.
template <class T>
void clearPadding(const Permutation& order, std::int64_t width, T* rows) {
    for (std::size_t e = 0; e < order.rows.size(); ++e) {
        const std::int64_t used = order.rows[e];
        std::memset(static_cast<void*>(rows + (order.begin[e] + used) * width), 0,
                    std::size_t((order.padded(e) - used) * width) * sizeof(T));
    }
}

struct ExpertsFunction : torch::autograd::Function<ExpertsFunction> {
    static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& ids,
                              const at::Tensor& weights, const at::Tensor& gateUp, const at::Tensor& down) {
        const auto type = x.scalar_type();
        const Permutation order(dataOf<std::int64_t>(ids), ids.numel(), gateUp.size(0));
        const at::Tensor w13 = inType(gateUp, type);
        const at::Tensor w2 = inType(down, type);
        at::Tensor rows = at::empty({order.total(), x.size(1)}, x.options());
        at::Tensor hidden = at::empty({order.total(), gateUp.size(1)}, x.options());
        at::Tensor out = at::empty_like(rows);
        at::Tensor y = at::zeros(x.sizes(), x.options().dtype(at::kFloat));
        withElement(type, [&](auto element) {
            using T = decltype(element);
            gather<T>(order, x, ids.size(1), dataOf<T>(rows));
            products<T>(order, rows, w13, w2, hidden, out);
            combine<T>(order, weights, out, dataOf<float>(y));
            return 0;
        });
        ctx->save_for_backward({rows, ids, weights, w13, w2, hidden, out});
        return y;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const auto saved = ctx->get_saved_variables();
        const at::Tensor& rows = saved[0];
        const at::Tensor& ids = saved[1];
        const at::Tensor& weights = saved[2];
        const at::Tensor dy = grads[0].contiguous();
        const Permutation order(dataOf<std::int64_t>(ids), ids.numel(), saved[3].size(0));
        const auto f32 = rows.options().dtype(at::kFloat);
        at::Tensor dx = at::empty({dy.size(0), rows.size(1)}, rows.options());
        at::Tensor dWeights = at::empty(weights.sizes(), f32);
        at::Tensor dGateUp = at::empty(saved[3].sizes(), f32);
        at::Tensor dDown = at::empty(saved[4].sizes(), f32);
        withElement(rows.scalar_type(), [&](auto element) {
            using T = decltype(element);
            at::Tensor dOut = at::empty_like(rows);
            scatterGradient<T>(order, dy, weights, saved[6], dOut, dWeights);
            backwardProducts<T>(order, saved, dOut, dGateUp, dDown); // leaves the gradient of the rows in dOut
            const std::int64_t k = ids.size(1);
            const std::int64_t width = rows.size(1);
            parallelFor(dx.size(0), 256, [&](std::int64_t begin, std::int64_t end) {
                std::vector<float> sum(static_cast<std::size_t>(width));
                for (std::int64_t n = begin; n < end; ++n) {
                    std::fill(sum.begin(), sum.end(), 0.0F);
                    for (std::int64_t j = n * k; j < (n + 1) * k; ++j)
                        if (const std::int64_t at = order.position[std::size_t(j)]; at >= 0)
                            cpuKernels<T>().axpy(width, 1.0F, dataOf<T>(dOut) + at * width, sum.data());
                    cpuKernels<T>().fromFloat(width, sum.data(), dataOf<T>(dx) + n * width);
                }
            });
            return 0;
        });
        return {dx, at::Tensor(), dWeights, dGateUp, dDown};
    }

private:
    template <class T>
    static void gather(const Permutation& order, const at::Tensor& x, std::int64_t k, T* rows) {
        const std::int64_t width = x.size(1);
        parallelFor(x.size(0), 256, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin * k; i < end * k; ++i)
                if (const std::int64_t at = order.position[std::size_t(i)]; at >= 0)
                    std::memcpy(static_cast<void*>(rows + at * width), dataOf<T>(x) + i / k * width,
                                std::size_t(width) * sizeof(T));
        });
        clearPadding(order, width, rows);
    }

    template <class T>
    static void activate(const Permutation& order, std::size_t e, const at::Tensor& hidden, T* act) {
        const std::int64_t ffn = hidden.size(1) / 2;
        const T* from = dataOf<T>(hidden) + order.begin[e] * 2 * ffn;
        parallelFor(order.padded(e), 64, [&](std::int64_t begin, std::int64_t end) {
            cpuKernels<T>().siluMul(end - begin, ffn, from + begin * 2 * ffn, act + begin * ffn);
        });
    }

    template <class T>
    static void products(const Permutation& order, const at::Tensor& rows, const at::Tensor& w13, const at::Tensor& w2,
                         at::Tensor& hidden, at::Tensor& out) {
        const std::int64_t width = rows.size(1);
        const std::int64_t ffn = w2.size(2);
        std::vector<T> act(std::size_t(order.total() * ffn));
        for (std::size_t e = 0; e < order.rows.size(); ++e) {
            const std::int64_t n = order.padded(e);
            const std::int64_t at = order.begin[e];
            const auto expert = std::int64_t(e);
            gemm(n, 2 * ffn, width, MatrixView<const T>{dataOf<T>(rows) + at * width, width},
                 MatrixView<const T>{dataOf<T>(w13) + expert * 2 * ffn * width, width, true},
                 MatrixView<T>{dataOf<T>(hidden) + at * 2 * ffn, 2 * ffn});
            activate<T>(order, e, hidden, act.data());
            gemm(n, width, ffn, MatrixView<const T>{act.data(), ffn},
                 MatrixView<const T>{dataOf<T>(w2) + expert * width * ffn, ffn, true},
                 MatrixView<T>{dataOf<T>(out) + at * width, width});
        }
    }

    template <class T>
    static void combine(const Permutation& order, const at::Tensor& weights, const at::Tensor& out, float* y) {
        const std::int64_t width = out.size(1);
        const std::int64_t k = weights.size(1);
        const auto* w = dataOf<float>(weights);
        parallelFor(weights.size(0), 256, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin * k; i < end * k; ++i)
                if (const std::int64_t at = order.position[std::size_t(i)]; at >= 0)
                    cpuKernels<T>().axpy(width, w[i], dataOf<T>(out) + at * width, y + i / k * width);
        });
    }

    template <class T>
    static void scatterGradient(const Permutation& order, const at::Tensor& dy, const at::Tensor& weights,
                                const at::Tensor& out, at::Tensor& dOut, at::Tensor& dWeights) {
        const std::int64_t width = dy.size(1);
        const std::int64_t k = weights.size(1);
        parallelFor(dy.size(0), 256, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin * k; i < end * k; ++i) {
                if (order.position[std::size_t(i)] < 0) {
                    dataOf<float>(dWeights)[i] = 0;
                    continue;
                }
                const std::int64_t at = order.position[std::size_t(i)] * width;
                const float* g = dataOf<float>(dy) + i / k * width;
                dataOf<float>(dWeights)[i] = cpuKernels<T>().dot(width, g, dataOf<T>(out) + at);
                cpuKernels<T>().scaleTo(width, dataOf<float>(weights)[i], g, dataOf<T>(dOut) + at);
            }
        });
        clearPadding(order, width, dataOf<T>(dOut));
    }

    template <class T>
    static void backwardProducts(const Permutation& order, const variable_list& saved, at::Tensor& dOut,
                                 at::Tensor& dGateUp, at::Tensor& dDown) {
        const at::Tensor& rows = saved[0];
        const at::Tensor& hidden = saved[5];
        const std::int64_t width = rows.size(1);
        const std::int64_t ffn = hidden.size(1) / 2;
        std::vector<T> act(std::size_t(order.total() * ffn));
        std::vector<T> dAct(act.size());
        std::vector<T> dHidden(act.size() * 2);
        for (std::size_t e = 0; e < order.rows.size(); ++e) {
            const std::int64_t n = order.padded(e);
            const std::int64_t at = order.begin[e];
            const auto expert = std::int64_t(e);
            float* dw13 = dataOf<float>(dGateUp) + expert * 2 * ffn * width;
            float* dw2 = dataOf<float>(dDown) + expert * width * ffn;
            if (n == 0) { // an expert without tokens has no gradient
                std::memset(dw13, 0, std::size_t(2 * ffn * width) * sizeof(float));
                std::memset(dw2, 0, std::size_t(width * ffn) * sizeof(float));
                continue;
            }
            const MatrixView<const T> grad{dataOf<T>(dOut) + at * width, width};
            activate<T>(order, e, hidden, act.data());
            gemm(n, ffn, width, grad, MatrixView<const T>{dataOf<T>(saved[4]) + expert * width * ffn, ffn},
                 MatrixView<T>{dAct.data(), ffn});
            gemm(width, ffn, n, transpose(grad), MatrixView<const T>{act.data(), ffn}, MatrixView<float>{dw2, ffn});
            const T* gateUp = dataOf<T>(hidden) + at * 2 * ffn;
            parallelFor(n, 64, [&](std::int64_t begin, std::int64_t end) {
                cpuKernels<T>().siluMulGrad(end - begin, ffn, gateUp + begin * 2 * ffn, dAct.data() + begin * ffn,
                                            dHidden.data() + begin * 2 * ffn);
            });
            const MatrixView<const T> dh{dHidden.data(), 2 * ffn};
            gemm(2 * ffn, width, n, transpose(dh), MatrixView<const T>{dataOf<T>(rows) + at * width, width},
                 MatrixView<float>{dw13, width});
            gemm(n, width, 2 * ffn, dh, MatrixView<const T>{dataOf<T>(saved[3]) + expert * 2 * ffn * width, width},
                 MatrixView<T>{dataOf<T>(dOut) + at * width, width});
        }
    }
};

at::Tensor expertsByTensors(const at::Tensor& x, const at::Tensor& ids, const at::Tensor& weights,
                            const at::Tensor& gateUp, const at::Tensor& down) {
    at::Tensor y = at::zeros(x.sizes(), x.options().dtype(at::kFloat));
    const auto w13 = gateUp.to(x.scalar_type()).unbind(0);
    const auto w2 = down.to(x.scalar_type()).unbind(0);
    for (std::size_t e = 0; e < w13.size(); ++e) {
        const auto where = at::where(ids == std::int64_t(e)); // token, slot
        const at::Tensor hidden = at::matmul(x.index_select(0, where[0]), w13[e].t());
        const auto halves = hidden.chunk(2, 1);
        const at::Tensor out = at::matmul(at::silu(halves[0]) * halves[1], w2[e].t()).to(at::kFloat);
        const at::Tensor factor = weights.index({where[0], where[1]}).unsqueeze(1);
        y = y.index_add(0, where[0], out * factor);
    }
    return y;
}

} // namespace

at::Tensor mixtureOfExperts(const at::Tensor& x_NH, const at::Tensor& ids_NK, const at::Tensor& weights_NK,
                            const at::Tensor& gateUp_EFH, const at::Tensor& down_EHF) {
    if (x_NH.is_cpu())
        return ExpertsFunction::apply(x_NH, ids_NK.contiguous(), weights_NK.contiguous(), gateUp_EFH, down_EHF);
    return expertsByTensors(x_NH, ids_NK, weights_NK, gateUp_EFH, down_EHF);
}

} // namespace moescope
