#include "engine/kernels/inference/loops.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/engine/kernels/inference/random_values.h"

namespace moescope {
namespace {

// IEEE binary16 by its definition.
double half(std::uint16_t bits) {
    const int exponent = bits >> 10 & 31;
    const int mantissa = bits & 1023;
    const double magnitude = exponent == 0    ? std::ldexp(mantissa, -24)
                             : exponent == 31 ? (mantissa == 0 ? std::numeric_limits<double>::infinity() : std::nan(""))
                                              : std::ldexp(1024 + mantissa, exponent - 25);
    return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

TEST(Loops, ReadsEveryBinary16) {
    std::vector<std::uint16_t> all(65536);
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = std::uint16_t(i);
    std::vector<float> values(all.size());
    commonLoops().halfToFloat(std::int64_t(all.size()), all.data(), values.data());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const double want = half(all[i]);
        if (std::isnan(want))
            EXPECT_TRUE(std::isnan(values[i])) << i;
        else
            EXPECT_EQ(double(values[i]), want) << i;
    }
}

TEST(Loops, FindsWhatIsNotFinite) {
    std::vector<float> values(100, 1e38F);
    EXPECT_TRUE(commonLoops().finite32(100, values.data()));
    values[63] = std::nanf("");
    EXPECT_FALSE(commonLoops().finite32(100, values.data()));
    values[63] = -std::numeric_limits<float>::infinity();
    EXPECT_FALSE(commonLoops().finite32(100, values.data()));
    std::vector<std::uint16_t> narrow(77, 0xFF7F); // the largest negative bf16
    EXPECT_TRUE(commonLoops().finite16(77, narrow.data(), 0x7F80));
    narrow[76] = 0xFF80;
    EXPECT_FALSE(commonLoops().finite16(77, narrow.data(), 0x7F80));
}

TEST(Loops, LogSumExpContinuesOverBlocks) {
    const auto logits = randomValues<float>(1000, 5, 30.0F);
    float top = -1e30F;
    float sum = 0;
    commonLoops().logSumExp(400, logits.data(), &top, &sum);
    commonLoops().logSumExp(600, logits.data() + 400, &top, &sum);
    double want = 0;
    for (const float l : logits)
        want += std::exp(double(l));
    EXPECT_NEAR(double(top) + std::log(double(sum)), std::log(want), 1e-5);
}

TEST(Loops, WeighsWhatIsDrawnFrom) {
    const auto x = randomValues<float>(1003, 6, 40.0F);
    const float top = commonLoops().largest(1003, x.data());
    EXPECT_EQ(top, *std::max_element(x.begin(), x.end()));
    EXPECT_EQ(commonLoops().largest(1, x.data()), x[0]);
    std::vector<float> weights(x.size());
    commonLoops().exponentials(1003, x.data(), top, 2.5F, weights.data());
    double total = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double want = std::exp((double(x[i]) - double(top)) * 2.5);
        ASSERT_NEAR(double(weights[i]), want, 5e-5 * want + 1e-36) << i;
        total += double(weights[i]);
    }
    EXPECT_NEAR(double(commonLoops().sum(1003, weights.data())), total, 5e-5 * total);
}

TEST(Loops, NormReportsWhatIsNotFinite) {
    std::vector<float> x(64, 2.0F);
    const std::vector<float> gain(64, 0.5F);
    std::vector<float> full(64), same(64);
    EXPECT_TRUE(inferenceLoops<float>().rmsNorm(1, 64, x.data(), gain.data(), 0.0F, full.data(), same.data()));
    EXPECT_NEAR(full[7], 0.5F, 1e-6);
    EXPECT_EQ(full, same);
    x[3] = std::nanf("");
    EXPECT_FALSE(inferenceLoops<float>().rmsNorm(1, 64, x.data(), gain.data(), 0.0F, full.data(), same.data()));
}

} // namespace
} // namespace moescope
