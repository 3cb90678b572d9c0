// Attention in LibTorch operations, as GPUs have it, against the CPU kernels: over texts whose scores come in blocks.
#include "engine/model/attend.h"

#include <array>

#include <ATen/Functions.h>
#include <gtest/gtest.h>

#include "tests/engine/kernels/inference/random_values.h"

namespace moescope {
namespace {

at::Tensor random(std::int64_t rows, std::int64_t columns, unsigned seed) {
    const std::vector<float> values = randomValues<float>(std::size_t(rows * columns), seed);
    return at::from_blob(const_cast<float*>(values.data()), {rows, columns}, at::kFloat).clone();
}

void compare(const AttentionShape& shape, std::span<const Sequence> sequences, bool cached) {
    const std::int64_t queries = sequences.back().begin + sequences.back().rows;
    const std::int64_t keys = queries + sequences.back().past;
    AttentionRows rows{random(queries, shape.heads * shape.headDim, 1), random(keys, shape.kvHeads * shape.headDim, 2),
                       random(keys, shape.kvHeads * shape.values(), 3),
                       at::empty({queries, shape.heads * shape.values()}, at::kFloat), cached};
    Execution execution;
    attendRows(execution, shape, rows, sequences);
    const at::Tensor want = rows.out_TN.clone();
    execution.ownKernels = false;
    attendRows(execution, shape, rows, sequences);
    EXPECT_TRUE(at::allclose(rows.out_TN, want, 1e-4, 1e-5));
}

TEST(AttendRows, WithTorchAsWithTheKernels) {
    AttentionShape shape;
    shape.heads = 4;
    shape.kvHeads = 2;
    shape.headDim = 8;
    shape.scale = 0.35F;
    const std::array longOne{Sequence{0, 2500, 0}}; // two blocks of queries
    compare(shape, longOne, false);
    shape.window = 700;
    compare(shape, longOne, false);
    shape.window = 0;
    shape.causal = false;
    compare(shape, longOne, false);
    shape.causal = true;
    const std::array cached{Sequence{0, 2000, 600}};
    compare(shape, cached, true);
    const std::array several{Sequence{0, 30, 0}, Sequence{30, 1, 0}, Sequence{31, 50, 0}};
    const std::vector<float> sinks{0.3F, -1.0F, 2.0F, 0.0F};
    shape.sinks = sinks.data();
    shape.valueDim = 5;
    compare(shape, several, false);
}

TEST(AttendRows, ABiasFollowsTheBlocks) {
    AttentionShape shape;
    shape.heads = shape.kvHeads = 4;
    shape.headDim = 8;
    constexpr std::int64_t kLength = 2300;
    const std::vector<float> bias = randomValues<float>(std::size_t(4 * (2 * kLength - 1)), 7);
    shape.bias = bias.data();
    shape.biasLd = 2 * kLength - 1;
    shape.biasCenter = kLength - 1;
    const std::array sequence{Sequence{0, kLength, 0}};
    compare(shape, sequence, false);
    shape.causal = false;
    compare(shape, sequence, false);
}

} // namespace
} // namespace moescope
