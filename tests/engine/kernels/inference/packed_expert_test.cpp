#include "engine/kernels/inference/packed_expert.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/engine/kernels/inference/random_values.h"

namespace moescope {
namespace {

template <class T>
class PackedExpertTest : public testing::Test {};

using Elements = testing::Types<float, Bf16>;
TYPED_TEST_SUITE(PackedExpertTest, Elements);

TYPED_TEST(PackedExpertTest, EqualsTheDefinition) {
    using T = TypeParam;
    if (!canMultiply<T>())
        GTEST_SKIP() << "no bf16 products on this processor";
    struct Size {
        std::int64_t width, inner, rows;
    };
    PackedExpert<T> expert; // of one size after another
    for (const Size s : {Size{48, 40, 5}, Size{64, 96, 1}, Size{64, 96, 77}, Size{128, 544, 256}}) {
        const auto x = randomValues<T>(std::size_t(300 * s.width), 1);
        const auto gate = randomValues<T>(std::size_t(s.inner * s.width), 2, 0.3F);
        const auto up = randomValues<T>(std::size_t(s.inner * s.width), 3, 0.3F);
        const auto down = randomValues<T>(std::size_t(s.inner * s.width), 4, 0.3F);
        std::vector<std::int32_t> tokens(std::size_t(s.rows));
        for (std::size_t r = 0; r < tokens.size(); ++r)
            tokens[r] = std::int32_t((r * 7 + 3) % 300);
        ExpertMatrices<T> matrices;
        matrices.width = s.width;
        matrices.inner = s.inner;
        matrices.gate = gate.data();
        matrices.up = up.data();
        matrices.down = down.data();
        ExpertMatrices<T> others = matrices; // must leave no trace
        std::swap(others.gate, others.up);
        expert.assign(others);
        expert.assign(matrices);
        std::vector<T> y(std::size_t(s.rows * s.width));
        expert.run(s.rows, tokens.data(), x.data(), y.data());
        for (std::int64_t r = 0; r < s.rows; r += 1 + s.rows / 20) {
            std::vector<double> inner(std::size_t(s.inner));
            for (std::int64_t i = 0; i < s.inner; ++i) {
                double g = 0;
                double u = 0;
                for (std::int64_t d = 0; d < s.width; ++d) {
                    const double v = toFloat(x[std::size_t(tokens[std::size_t(r)] * s.width + d)]);
                    g += v * toFloat(gate[std::size_t(i * s.width + d)]);
                    u += v * toFloat(up[std::size_t(i * s.width + d)]);
                }
                inner[std::size_t(i)] = g / (1 + std::exp(-g)) * u;
            }
            for (std::int64_t d = 0; d < s.width; ++d) {
                double want = 0;
                double size = 0;
                for (std::int64_t i = 0; i < s.inner; ++i) {
                    const double term = inner[std::size_t(i)] * toFloat(down[std::size_t(d * s.inner + i)]);
                    want += term;
                    size += term * term;
                }
                // Rounding of the inner values adds up like a random walk.
                const double allowed = kRounding<T> * (std::fabs(want) + 4 * std::sqrt(size)) + 1e-5;
                ASSERT_NEAR(double(toFloat(y[std::size_t(r * s.width + d)])), want, allowed)
                    << s.width << " x " << s.inner << " row " << r;
            }
        }
    }
}

// Whoever computes which block of columns, and in which order.
TYPED_TEST(PackedExpertTest, ARowSharedOutIsTheRowRunWhole) {
    using T = TypeParam;
    if (!canMultiply<T>())
        GTEST_SKIP() << "no bf16 products on this processor";
    constexpr std::int64_t width = 96, inner = 160;
    const auto x = randomValues<T>(2 * width, 1);
    const auto gate = randomValues<T>(inner * width, 2, 0.3F);
    const auto up = randomValues<T>(inner * width, 3, 0.3F);
    const auto down = randomValues<T>(inner * width, 4, 0.3F);
    ExpertMatrices<T> matrices;
    matrices.width = width;
    matrices.inner = inner;
    matrices.gate = gate.data();
    matrices.up = up.data();
    matrices.down = down.data();
    const PackedExpert<T> expert(matrices);
    const RowBlocks blocks = expert.rowBlocks();
    if (blocks.inner == 0)
        GTEST_SKIP() << "this machine's kernels do not share rows out";
    ASSERT_EQ(blocks.width, inner);
    std::vector<T> whole(width), shared(width), innerValues(inner);
    const std::int32_t second = 1;
    expert.run(1, &second, x.data(), whole.data());
    for (std::int64_t block = blocks.inner; block-- > 0;)
        expert.rowInner(x.data() + width, block, block + 1, innerValues.data());
    expert.rowOutput(innerValues.data(), 1, blocks.output, shared.data());
    expert.rowOutput(innerValues.data(), 0, 1, shared.data());
    for (std::size_t i = 0; i < whole.size(); ++i)
        ASSERT_EQ(toFloat(shared[i]), toFloat(whole[i])) << i;
}

} // namespace
} // namespace moescope
