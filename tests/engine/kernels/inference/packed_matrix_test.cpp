#include "engine/kernels/inference/packed_matrix.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/engine/kernels/inference/random_values.h"

namespace moescope {
namespace {

template <class T>
class PackedMatrixTest : public testing::Test {};

using Elements = testing::Types<float, Bf16>;
TYPED_TEST_SUITE(PackedMatrixTest, Elements);

// y = x W^T in double.
template <class T>
double oracle(const std::vector<T>& x, const std::vector<T>& w, std::int64_t k, std::int64_t ldx, std::int64_t row,
              std::int64_t column) {
    double sum = 0;
    for (std::int64_t i = 0; i < k; ++i)
        sum += double(toFloat(x[std::size_t(row * ldx + i)])) * double(toFloat(w[std::size_t(column * k + i)]));
    return sum;
}

TYPED_TEST(PackedMatrixTest, EqualsTheDefinition) {
    using T = TypeParam;
    if (!canMultiply<T>())
        GTEST_SKIP() << "no bf16 products on this processor";
    for (const std::int64_t k : {40, 96, 544})
        for (const std::int64_t n : {1, 48, 70})
            for (const std::int64_t m : {1, 32, 33, 600}) {
                const std::int64_t ldx = k + 16;
                const auto x = randomValues<T>(std::size_t(m * ldx), 1);
                const auto w = randomValues<T>(std::size_t(n * k), 2);
                const PackedMatrix<T> packed(n, k, w.data());
                const std::int64_t ldy = n + 3;
                std::vector<T> y(std::size_t(m * ldy));
                std::vector<float> sum(std::size_t(m * ldy), 0.5F);
                packed.multiply(m, x.data(), ldx, y.data(), ldy);
                packed.multiplyFloat(m, x.data(), ldx, sum.data(), ldy, true);
                for (std::int64_t r = 0; r < m; r += 1 + m / 40)
                    for (std::int64_t c = 0; c < n; ++c) {
                        const double want = oracle(x, w, k, ldx, r, c);
                        const double scale = std::sqrt(double(k));
                        const auto at = std::size_t(r * ldy + c);
                        ASSERT_NEAR(double(toFloat(y[at])), want, kRounding<T> * std::fabs(want) + 1e-5 * scale)
                            << m << " x " << n << " x " << k << " at " << r << ", " << c;
                        ASSERT_NEAR(double(sum[at]), want + 0.5, 1e-5 * scale);
                    }
                for (std::int64_t r = 0; r < m; ++r) // between the rows nothing is written
                    for (std::int64_t c = n; c < ldy; ++c)
                        ASSERT_EQ(sum[std::size_t(r * ldy + c)], 0.5F);
            }
}

TYPED_TEST(PackedMatrixTest, TokenLossEqualsTheDefinition) {
    using T = TypeParam;
    if (!canMultiply<T>())
        GTEST_SKIP() << "no bf16 products on this processor";
    for (const std::int64_t k : {40, 64})
        for (const std::int64_t n : {1, 33, 500})
            for (const std::int64_t m : {1, 70, 700}) {
                const auto x = randomValues<T>(std::size_t(m * k), 1, 2.0F);
                const auto w = randomValues<T>(std::size_t(n * k), 2);
                std::vector<std::int32_t> targets(std::size_t(m), 0);
                for (std::int64_t r = 0; r < m; ++r)
                    targets[std::size_t(r)] = std::int32_t(r % 9 == 4 ? -1 : r * 31 % n);
                std::vector<float> loss(std::size_t(m), 0.0F);
                PackedMatrix<T>(n, k, w.data()).tokenLoss(m, x.data(), targets.data(), loss.data());
                for (std::int64_t r = 0; r < m; r += 1 + m / 30) {
                    const std::int32_t target = targets[std::size_t(r)];
                    if (target < 0) {
                        EXPECT_TRUE(std::isnan(loss[std::size_t(r)]));
                        continue;
                    }
                    double sum = 0;
                    for (std::int64_t c = 0; c < n; ++c)
                        sum += std::exp(oracle(x, w, k, k, r, c));
                    ASSERT_NEAR(double(loss[std::size_t(r)]), std::log(sum) - oracle(x, w, k, k, r, target), 1e-4);
                }
            }
}

} // namespace
} // namespace moescope
