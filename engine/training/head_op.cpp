#include <algorithm>
#include <numeric>
#include <vector>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/gemm.h"
#include "engine/kernels/parallel.h"
#include "engine/training/op_support.h"
#include "engine/training/ops.h"

namespace moescope {
namespace {

constexpr std::int64_t chunkRows = 1024; // logits of this many tokens exist at a time

struct EmbedFunction : torch::autograd::Function<EmbedFunction> {
    static at::Tensor forward(AutogradContext* ctx, const at::Tensor& table, const at::Tensor& ids) {
        ctx->save_for_backward({ids});
        ctx->saved_data["vocabulary"] = table.size(0);
        return at::index_select(table, 0, ids);
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const at::Tensor ids = ctx->get_saved_variables()[0];
        const at::Tensor dy = grads[0].contiguous();
        const std::int64_t width = dy.size(1);
        at::Tensor dTable = at::zeros({ctx->saved_data["vocabulary"].toInt(), width}, dy.options());
        // Threads share out the columns, so rows that repeat need no lock and are added in token order.
        parallelFor(width, 16, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t n = 0; n < ids.numel(); ++n)
                cpuKernels<float>().axpy(end - begin, 1.0F, dataOf<float>(dy) + n * width + begin,
                                         dataOf<float>(dTable) + dataOf<std::int64_t>(ids)[n] * width + begin);
        });
        return {dTable, at::Tensor()};
    }
};

// The gradient is made together with the loss, while a chunk of logits is at hand.
struct HeadFunction : torch::autograd::Function<HeadFunction> {
    static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& table,
                              const at::Tensor& targets) {
        const at::Tensor w = inType(table, x.scalar_type());
        at::Tensor dx = at::empty_like(x);
        at::Tensor dw = at::zeros(table.sizes(), table.options());
        const double total = withElement(x.scalar_type(), [&](auto element) {
            using T = decltype(element);
            double sum = 0;
            for (std::int64_t begin = 0; begin < x.size(0); begin += chunkRows)
                sum += chunk<T>(x, w, targets, begin, dx, dw);
            return sum;
        });
        ctx->save_for_backward({dx, dw});
        return at::full({}, total / double(x.size(0)), at::kFloat);
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const auto saved = ctx->get_saved_variables();
        const float upstream = grads[0].item<float>();
        if (upstream == 1.0F)
            return {saved[0], saved[1], at::Tensor()};
        return {saved[0] * upstream, saved[1] * upstream, at::Tensor()};
    }

private:
    template <class T>
    static double chunk(const at::Tensor& x, const at::Tensor& w, const at::Tensor& targets, std::int64_t begin,
                        at::Tensor& dx, at::Tensor& dw) {
        const std::int64_t rows = std::min(chunkRows, x.size(0) - begin);
        const std::int64_t width = x.size(1);
        const std::int64_t vocabulary = w.size(0);
        at::Tensor logits = at::empty({rows, vocabulary}, dw.options());
        at::Tensor dLogits = at::empty({rows, vocabulary}, x.options());
        const MatrixView<const T> xs{dataOf<T>(x) + begin * width, width};
        const MatrixView<const T> ws{dataOf<T>(w), width};
        gemm(rows, vocabulary, width, xs, transpose(ws), MatrixView<float>{dataOf<float>(logits), vocabulary});
        std::vector<float> losses(static_cast<std::size_t>(rows));
        const float factor = 1.0F / float(x.size(0));
        parallelFor(rows, 8, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t r = first; r < last; ++r)
                losses[std::size_t(r)] =
                    cpuKernels<T>().crossEntropy(vocabulary, dataOf<float>(logits) + r * vocabulary,
                                                 std::int32_t(dataOf<std::int64_t>(targets)[begin + r]), factor,
                                                 dataOf<T>(dLogits) + r * vocabulary);
        });
        const MatrixView<const T> d{dataOf<T>(dLogits), vocabulary};
        gemm(rows, width, vocabulary, d, ws, MatrixView<T>{dataOf<T>(dx) + begin * width, width});
        gemm(vocabulary, width, rows, transpose(d), xs, MatrixView<float>{dataOf<float>(dw), width}, true);
        return std::accumulate(losses.begin(), losses.end(), 0.0);
    }
};

} // namespace

at::Tensor embed(const at::Tensor& table_VH, const at::Tensor& ids_N) {
    if (table_VH.is_cpu())
        return EmbedFunction::apply(table_VH, ids_N);
    return at::embedding(table_VH, ids_N);
}

at::Tensor headCrossEntropy(const at::Tensor& x_NH, const at::Tensor& table_VH, const at::Tensor& targets_N) {
    if (x_NH.is_cpu())
        return HeadFunction::apply(x_NH, table_VH, targets_N);
    const at::Tensor logits = at::matmul(x_NH, table_VH.to(x_NH.scalar_type()).t()).to(at::kFloat);
    return at::cross_entropy_loss(logits, targets_N);
}

} // namespace moescope
