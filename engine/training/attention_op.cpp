#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/gemm.h"
#include "engine/kernels/parallel.h"
#include "engine/training/op_support.h"
#include "engine/training/ops.h"

namespace moescope {
namespace {

constexpr std::int64_t blockRows = 128; // query rows whose scores stay in the second-level cache

// Where the heads of one sequence lie in the fused [N, (heads + 2 kvHeads) headDim] matrix.
template <class T>
struct Heads {
    const AttentionShape& s;
    T* qkv;

    std::int64_t ld() const { return (s.heads + 2 * s.kvHeads) * s.headDim; }
    T* row(std::int64_t sequence) const { return qkv + sequence * s.length * ld(); }
    T* q(std::int64_t sequence, std::int64_t head) const { return row(sequence) + head * s.headDim; }
    T* k(std::int64_t sequence, std::int64_t kv) const { return q(sequence, s.heads + kv); }
    T* v(std::int64_t sequence, std::int64_t kv) const { return q(sequence, s.heads + s.kvHeads + kv); }
};

template <class T>
MatrixView<const T> view(const T* data, std::int64_t ld) {
    return {data, ld};
}

template <class T>
struct Scratch {
    std::vector<float> scores, dProbs, rows, inverse, delta;
    std::vector<T> probs, dScores;

    explicit Scratch(const AttentionShape& s)
        : scores(std::size_t(blockRows * s.length)), dProbs(scores.size()), rows(std::size_t(blockRows * s.headDim)),
          inverse(blockRows), delta(blockRows), probs(scores.size()), dScores(scores.size()) {}
};

template <class T>
void forwardHead(const Heads<T>& heads, std::int64_t sequence, std::int64_t head, T* out, float* lse, Scratch<T>& w) {
    const AttentionShape& s = heads.s;
    const std::int64_t d = s.headDim;
    const std::int64_t kv = head / (s.heads / s.kvHeads);
    const std::int64_t outLd = s.heads * d;
    const float scale = 1.0F / std::sqrt(float(d));
    for (std::int64_t q0 = 0; q0 < s.length; q0 += blockRows) {
        const std::int64_t rows = std::min(blockRows, s.length - q0);
        const std::int64_t keys = q0 + rows;
        gemm(rows, keys, d, view<T>(heads.q(sequence, head) + q0 * heads.ld(), heads.ld()),
             transpose(view<T>(heads.k(sequence, kv), heads.ld())), MatrixView<float>{w.scores.data(), keys});
        cpuKernels<T>().causalExp(rows, keys, q0 + 1, scale, w.scores.data(), w.probs.data(), lse + q0,
                                  w.inverse.data());
        gemm(rows, d, keys, view<T>(w.probs.data(), keys), view<T>(heads.v(sequence, kv), heads.ld()),
             MatrixView<float>{w.rows.data(), d});
        for (std::int64_t r = 0; r < rows; ++r)
            cpuKernels<T>().scaleTo(d, w.inverse[std::size_t(r)], w.rows.data() + r * d, out + (q0 + r) * outLd);
    }
}

// Adds to dk, dv [L, headDim]; writes dq [L, headDim] of one head. dOut, out: the head's columns, leading dimension
// heads * headDim.
template <class T>
void backwardHead(const Heads<T>& heads, std::int64_t sequence, std::int64_t head, const T* out, const T* dOut,
                  const float* lse, float* dq, float* dk, float* dv, Scratch<T>& w) {
    const AttentionShape& s = heads.s;
    const std::int64_t d = s.headDim;
    const std::int64_t kv = head / (s.heads / s.kvHeads);
    const std::int64_t outLd = s.heads * d;
    const float scale = 1.0F / std::sqrt(float(d));
    for (std::int64_t q0 = 0; q0 < s.length; q0 += blockRows) {
        const std::int64_t rows = std::min(blockRows, s.length - q0);
        const std::int64_t keys = q0 + rows;
        const auto q = view<T>(heads.q(sequence, head) + q0 * heads.ld(), heads.ld());
        const auto k = view<T>(heads.k(sequence, kv), heads.ld());
        const auto v = view<T>(heads.v(sequence, kv), heads.ld());
        const auto grad = view<T>(dOut + q0 * outLd, outLd);
        for (std::int64_t r = 0; r < rows; ++r) {
            float sum = 0;
            for (std::int64_t i = 0; i < d; ++i)
                sum += toFloat(dOut[(q0 + r) * outLd + i]) * toFloat(out[(q0 + r) * outLd + i]);
            w.delta[std::size_t(r)] = sum;
        }
        gemm(rows, keys, d, q, transpose(k), MatrixView<float>{w.scores.data(), keys});
        gemm(rows, keys, d, grad, transpose(v), MatrixView<float>{w.dProbs.data(), keys});
        cpuKernels<T>().causalGrad(rows, keys, q0 + 1, scale, w.scores.data(), w.dProbs.data(), lse + q0,
                                   w.delta.data(), w.probs.data(), w.dScores.data());
        const auto probs = view<T>(w.probs.data(), keys);
        const auto dScores = view<T>(w.dScores.data(), keys);
        gemm(keys, d, rows, transpose(probs), grad, MatrixView<float>{dv, d}, true);
        gemm(keys, d, rows, transpose(dScores), q, MatrixView<float>{dk, d}, true);
        gemm(rows, d, keys, dScores, k, MatrixView<float>{dq + q0 * d, d});
    }
}

template <class T>
void writeGradient(const AttentionShape& s, const float* from, T* to, std::int64_t ld) {
    for (std::int64_t r = 0; r < s.length; ++r)
        cpuKernels<T>().fromFloat(s.headDim, from + r * s.headDim, to + r * ld);
}

template <class T>
void rotateAll(const AttentionShape& s, const at::Tensor& cosSin, float direction, T* qkv) {
    const std::int64_t ld = (s.heads + 2 * s.kvHeads) * s.headDim;
    parallelFor(s.batch, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t b = begin; b < end; ++b)
            cpuKernels<T>().rotate(s.length, s.heads + s.kvHeads, s.headDim, ld, dataOf<float>(cosSin), direction,
                                   qkv + b * s.length * ld);
    });
}

struct AttentionFunction : torch::autograd::Function<AttentionFunction> {
    static at::Tensor forward(AutogradContext* ctx, const at::Tensor& qkv, const at::Tensor& cosSin, std::int64_t batch,
                              std::int64_t length, std::int64_t nHeads, std::int64_t kvHeads, std::int64_t headDim) {
        const AttentionShape s{batch, length, nHeads, kvHeads, headDim};
        at::Tensor out = at::empty({batch * length, nHeads * headDim}, qkv.options());
        at::Tensor lse = at::empty({batch, nHeads, length}, qkv.options().dtype(at::kFloat));
        withElement(qkv.scalar_type(), [&](auto element) {
            using T = decltype(element);
            rotateAll<T>(s, cosSin, 1.0F, dataOf<T>(qkv));
            const Heads<T> heads{s, dataOf<T>(qkv)};
            parallelFor(batch * nHeads, 1, [&](std::int64_t begin, std::int64_t end) {
                Scratch<T> scratch(s);
                for (std::int64_t u = begin; u < end; ++u)
                    forwardHead<T>(heads, u / nHeads, u % nHeads,
                                   dataOf<T>(out) + (u / nHeads) * length * nHeads * headDim + (u % nHeads) * headDim,
                                   dataOf<float>(lse) + u * length, scratch);
            });
            return 0;
        });
        ctx->save_for_backward({qkv, cosSin, out, lse});
        ctx->saved_data["shape"] = std::vector<std::int64_t>{batch, length, nHeads, kvHeads, headDim};
        return out;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const auto saved = ctx->get_saved_variables();
        const auto dims = ctx->saved_data["shape"].toIntVector();
        const AttentionShape s{dims[0], dims[1], dims[2], dims[3], dims[4]};
        const at::Tensor& qkv = saved[0];
        const at::Tensor dOut = grads[0].contiguous();
        at::Tensor dQkv = at::empty_like(qkv);
        withElement(qkv.scalar_type(), [&](auto element) {
            using T = decltype(element);
            const Heads<T> heads{s, dataOf<T>(qkv)};
            const Heads<T> gradient{s, dataOf<T>(dQkv)};
            const std::int64_t perKv = s.heads / s.kvHeads;
            parallelFor(s.batch * s.kvHeads, 1, [&](std::int64_t begin, std::int64_t end) {
                Scratch<T> scratch(s);
                std::vector<float> dq(std::size_t(s.length * s.headDim));
                std::vector<float> dk(dq.size());
                std::vector<float> dv(dq.size());
                for (std::int64_t u = begin; u < end; ++u) {
                    const std::int64_t sequence = u / s.kvHeads;
                    const std::int64_t kv = u % s.kvHeads;
                    std::fill(dk.begin(), dk.end(), 0.0F);
                    std::fill(dv.begin(), dv.end(), 0.0F);
                    for (std::int64_t head = kv * perKv; head < (kv + 1) * perKv; ++head) {
                        const std::int64_t at = sequence * s.length * s.heads * s.headDim + head * s.headDim;
                        backwardHead<T>(heads, sequence, head, dataOf<T>(saved[2]) + at, dataOf<T>(dOut) + at,
                                        dataOf<float>(saved[3]) + (sequence * s.heads + head) * s.length, dq.data(),
                                        dk.data(), dv.data(), scratch);
                        writeGradient<T>(s, dq.data(), gradient.q(sequence, head), gradient.ld());
                    }
                    writeGradient<T>(s, dk.data(), gradient.k(sequence, kv), gradient.ld());
                    writeGradient<T>(s, dv.data(), gradient.v(sequence, kv), gradient.ld());
                }
            });
            rotateAll<T>(s, saved[1], -1.0F, dataOf<T>(dQkv));
            return 0;
        });
        return {dQkv, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

at::Tensor rotated(const at::Tensor& x_BLHD, const at::Tensor& cosSin_LD) {
    const auto angles = cosSin_LD.chunk(2, 1);
    const at::Tensor cos = angles[0].unsqueeze(1);
    const at::Tensor sin = angles[1].unsqueeze(1);
    const auto halves = x_BLHD.to(at::kFloat).chunk(2, -1);
    return at::cat({halves[0] * cos - halves[1] * sin, halves[1] * cos + halves[0] * sin}, -1).to(x_BLHD.scalar_type());
}

at::Tensor attentionByTensors(const at::Tensor& qkv, const at::Tensor& cosSin, const AttentionShape& s) {
    const at::Tensor all = qkv.view({s.batch, s.length, s.heads + 2 * s.kvHeads, s.headDim});
    const at::Tensor q = rotated(all.narrow(2, 0, s.heads), cosSin).transpose(1, 2);
    const std::int64_t repeat = s.heads / s.kvHeads;
    const at::Tensor k =
        rotated(all.narrow(2, s.heads, s.kvHeads), cosSin).repeat_interleave(repeat, 2).transpose(1, 2);
    const at::Tensor v = all.narrow(2, s.heads + s.kvHeads, s.kvHeads).repeat_interleave(repeat, 2).transpose(1, 2);
    const at::Tensor scores = at::matmul(q, k.transpose(2, 3)).to(at::kFloat) / std::sqrt(double(s.headDim));
    const at::Tensor mask = at::ones({s.length, s.length}, scores.options().dtype(at::kBool)).triu(1);
    const at::Tensor probs = at::softmax(scores.masked_fill(mask, -INFINITY), -1).to(qkv.scalar_type());
    return at::matmul(probs, v).transpose(1, 2).reshape({s.batch * s.length, s.heads * s.headDim});
}

} // namespace

at::Tensor causalAttention(const at::Tensor& qkv_NC, const at::Tensor& cosSin_LD, const AttentionShape& shape) {
    if (qkv_NC.is_cpu())
        return AttentionFunction::apply(qkv_NC, cosSin_LD, shape.batch, shape.length, shape.heads, shape.kvHeads,
                                        shape.headDim);
    return attentionByTensors(qkv_NC, cosSin_LD, shape);
}

} // namespace moescope
