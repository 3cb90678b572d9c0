#include "engine/training/ops.h"

#include <cmath>
#include <functional>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace moescope {
namespace {

// Each op against the same formula in plain tensor operations and autograd, in double.
struct Case {
    at::Tensor value;
    std::vector<at::Tensor> grads;
};

Case run(const std::function<at::Tensor(const std::vector<at::Tensor>&)>& f, std::vector<at::Tensor> inputs,
         at::ScalarType type) {
    for (at::Tensor& t : inputs)
        t = t.to(type).clone().set_requires_grad(true);
    // An operation may overwrite its input (attention rotates in place), so it gets a non-leaf copy.
    std::vector<at::Tensor> copies;
    for (const at::Tensor& t : inputs)
        copies.push_back(t * 1.0);
    const at::Tensor y = f(copies);
    at::Tensor direction = at::arange(y.numel(), at::kDouble).mul_(0.7).cos_().view(y.sizes());
    (y.to(at::kDouble) * direction).sum().backward();
    Case result{y.detach().to(at::kDouble), {}};
    for (const at::Tensor& t : inputs)
        result.grads.push_back(t.grad().to(at::kDouble));
    return result;
}

double relative(const at::Tensor& a, const at::Tensor& b) {
    return ((a - b).abs().max() / b.abs().max().clamp_min(1e-12)).item<double>();
}

void expectSame(const Case& actual, const Case& expected, double tolerance) {
    EXPECT_LT(relative(actual.value, expected.value), tolerance);
    ASSERT_EQ(actual.grads.size(), expected.grads.size());
    for (std::size_t i = 0; i < actual.grads.size(); ++i)
        EXPECT_LT(relative(actual.grads[i], expected.grads[i]), tolerance) << "gradient of input " << i;
}

at::Tensor random(at::IntArrayRef shape) {
    return at::randn(shape, at::kDouble);
}

at::Tensor tableOf(std::int64_t length, std::int64_t dim) {
    const at::Tensor angles = at::arange(length, at::kDouble).unsqueeze(1) *
                              at::pow(100.0, -at::arange(dim / 2, at::kDouble) * 2.0 / double(dim));
    return at::cat({angles.cos(), angles.sin()}, 1);
}

at::Tensor rotateNaively(const at::Tensor& x_BLHD, const at::Tensor& cosSin) {
    const auto cs = cosSin.to(x_BLHD.scalar_type()).chunk(2, 1);
    const auto h = x_BLHD.chunk(2, -1);
    const at::Tensor cos = cs[0].unsqueeze(1);
    const at::Tensor sin = cs[1].unsqueeze(1);
    return at::cat({h[0] * cos - h[1] * sin, h[1] * cos + h[0] * sin}, -1);
}

at::Tensor attendNaively(const at::Tensor& qkv, const at::Tensor& cosSin, const AttentionShape& s) {
    const at::Tensor all = qkv.view({s.batch, s.length, s.heads + 2 * s.kvHeads, s.headDim});
    const at::Tensor q = rotateNaively(all.narrow(2, 0, s.heads), cosSin);
    const at::Tensor k = rotateNaively(all.narrow(2, s.heads, s.kvHeads), cosSin);
    const at::Tensor v = all.narrow(2, s.heads + s.kvHeads, s.kvHeads);
    const std::int64_t share = s.heads / s.kvHeads;
    std::vector<at::Tensor> outs;
    for (std::int64_t h = 0; h < s.heads; ++h) {
        at::Tensor scores =
            at::matmul(q.select(2, h), k.select(2, h / share).transpose(1, 2)) / std::sqrt(double(s.headDim));
        scores = scores.masked_fill(at::ones({s.length, s.length}, at::kBool).triu(1), -INFINITY);
        outs.push_back(at::matmul(at::softmax(scores, -1), v.select(2, h / share)));
    }
    return at::stack(outs, 2).view({s.batch * s.length, s.heads * s.headDim});
}

TEST(TrainingOps, RmsNormMatchesItsFormula) {
    at::manual_seed(1);
    const std::vector<at::Tensor> in{random({37, 48}), random({48})};
    const auto naive = [](const auto& t) { return t[0] * at::rsqrt((t[0] * t[0]).mean(-1, true) + 1e-5) * t[1]; };
    const auto own = [](const auto& t) { return rmsNorm(t[0], t[1], 1e-5, at::kFloat); };
    expectSame(run(own, in, at::kFloat), run(naive, in, at::kDouble), 1e-5);
}

TEST(TrainingOps, LinearMatchesMatmul) {
    at::manual_seed(2);
    const std::vector<at::Tensor> in{random({29, 24}), random({40, 24})};
    const auto naive = [](const auto& t) { return at::matmul(t[0], t[1].t()); };
    const auto own = [](const auto& t) { return linear(t[0], t[1], at::kFloat); };
    expectSame(run(own, in, at::kFloat), run(naive, in, at::kDouble), 1e-5);
}

// 300 tokens cross the blocks of 128 query rows unevenly.
TEST(TrainingOps, AttentionMatchesTheNaiveFormula) {
    at::manual_seed(3);
    for (const AttentionShape s :
         {AttentionShape{2, 300, 4, 2, 16}, {3, 7, 2, 2, 8}, {1, 128, 6, 1, 4}, {1, 1, 2, 1, 4}}) {
        const std::vector<at::Tensor> in{random({s.batch * s.length, (s.heads + 2 * s.kvHeads) * s.headDim})};
        const at::Tensor table = tableOf(s.length, s.headDim);
        const auto naive = [&](const auto& t) { return attendNaively(t[0], table, s); };
        const auto own = [&](const auto& t) { return causalAttention(t[0], table.to(at::kFloat), s); };
        expectSame(run(own, in, at::kFloat), run(naive, in, at::kDouble), 2e-5);
    }
}

// A slot without expert is as one of weight 0, and passes no gradient.
TEST(TrainingOps, ExpertsPassOverEmptySlots) {
    at::manual_seed(9);
    const std::int64_t n = 40, width = 12, ffn = 10, experts = 5, k = 2;
    const at::Tensor all = std::get<1>(at::topk(at::randn({n, experts}), k, -1));
    const at::Tensor empty = at::rand({n, k}) < 0.3;
    const at::Tensor ids = all.masked_fill(empty, -1);
    const std::vector<at::Tensor> in{random({n, width}), at::rand({n, k}, at::kDouble),
                                     random({experts, 2 * ffn, width}), random({experts, width, ffn})};
    const auto own = [&](const auto& t) { return mixtureOfExperts(t[0], ids, t[1], t[2], t[3]); };
    const auto zeroed = [&](const auto& t) {
        return mixtureOfExperts(t[0], all, t[1].masked_fill(empty, 0.0), t[2], t[3]);
    };
    expectSame(run(own, in, at::kFloat), run(zeroed, in, at::kFloat), 1e-5);
}

TEST(TrainingOps, ExpertsMatchOneTokenAtATime) {
    at::manual_seed(4);
    const std::int64_t n = 90, width = 12, ffn = 10, experts = 5, k = 2;
    // Expert 4 gets no token: its gradient is zero, not garbage.
    const at::Tensor ids = std::get<1>(at::topk(at::randn({n, experts - 1}), k, -1));
    const std::vector<at::Tensor> in{random({n, width}), at::rand({n, k}, at::kDouble),
                                     random({experts, 2 * ffn, width}), random({experts, width, ffn})};
    const auto naive = [&](const auto& t) {
        std::vector<at::Tensor> rows;
        for (std::int64_t i = 0; i < n; ++i) {
            at::Tensor y = at::zeros({width}, at::kDouble);
            for (std::int64_t j = 0; j < k; ++j) {
                const std::int64_t e = ids[i][j].template item<std::int64_t>();
                const auto h = at::matmul(t[2][e], t[0][i]).chunk(2, 0);
                y = y + at::matmul(t[3][e], at::silu(h[0]) * h[1]) * t[1][i][j];
            }
            rows.push_back(y);
        }
        return at::stack(rows);
    };
    const auto own = [&](const auto& t) { return mixtureOfExperts(t[0], ids, t[1], t[2], t[3]); };
    expectSame(run(own, in, at::kFloat), run(naive, in, at::kDouble), 1e-5);
}

TEST(TrainingOps, HeadAndEmbeddingMatchCrossEntropy) {
    at::manual_seed(5);
    const std::int64_t n = 1500, vocabulary = 70; // more rows than a chunk holds
    const at::Tensor targets = at::randint(vocabulary, {n}, at::kLong);
    const at::Tensor ids = at::randint(vocabulary, {n}, at::kLong);
    const std::vector<at::Tensor> in{random({vocabulary, 16})};
    const auto naive = [&](const auto& t) {
        const at::Tensor logits = at::matmul(at::tanh(at::embedding(t[0], ids)), t[0].t());
        return at::cross_entropy_loss(logits, targets);
    };
    const auto own = [&](const auto& t) { return headCrossEntropy(at::tanh(embed(t[0], ids)), t[0], targets); };
    expectSame(run(own, in, at::kFloat), run(naive, in, at::kDouble), 1e-5);
}

TEST(TrainingOps, Bf16StaysWithinItsPrecision) {
    at::manual_seed(6);
    const AttentionShape s{2, 200, 4, 2, 32};
    const std::vector<at::Tensor> in{random({400, 256}) * 0.5};
    const at::Tensor table = tableOf(s.length, s.headDim);
    const auto naive = [&](const auto& t) { return attendNaively(t[0], table, s); };
    const auto own = [&](const auto& t) {
        return causalAttention(t[0].to(at::kBFloat16), table.to(at::kFloat), s).to(at::kFloat);
    };
    expectSame(run(own, in, at::kFloat), run(naive, in, at::kDouble), 0.03);
}

} // namespace
} // namespace moescope
