#include "db/half.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace moescope {
namespace {

// By the definition: sign, exponent, fraction.
double valueOf(std::uint16_t half) {
    const int exponent = (half >> 10) & 31;
    const double fraction = half & 1023;
    const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

bool isFinite(std::uint16_t half) {
    return ((half >> 10) & 31) != 31;
}

TEST(Half, EveryPatternReadsAsDefined) {
    std::vector<std::uint16_t> all(65536);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] = std::uint16_t(i);
    }
    std::vector<float> wide(all.size());
    halfToFloat(std::as_bytes(std::span(all)).data(), wide);
    for (const std::uint16_t half : all) {
        const float value = halfToFloat(half);
        if (isFinite(half)) {
            EXPECT_EQ(double(value), valueOf(half));
            EXPECT_EQ(floatToHalf(value), half);
            EXPECT_EQ(std::bit_cast<std::uint32_t>(wide[half]), std::bit_cast<std::uint32_t>(value));
        } else if ((half & 1023) != 0) {
            EXPECT_TRUE(std::isnan(value) && std::isnan(wide[half]));
        } else {
            EXPECT_TRUE(std::isinf(value) && value == wide[half]);
        }
    }
}

TEST(Half, RoundsToNearestTiesToEven) {
    EXPECT_EQ(floatToHalf(1.0F + 1.0F / 2048), 0x3C00); // half-way: to even
    EXPECT_EQ(floatToHalf(1.0F + 3.0F / 2048), 0x3C02); // half-way: to even
    EXPECT_EQ(floatToHalf(1.0F + 1.01F / 2048), 0x3C01);
    EXPECT_EQ(floatToHalf(65519.0F), 0x7BFF);
    EXPECT_EQ(floatToHalf(65520.0F), 0x7C00);
    EXPECT_EQ(floatToHalf(-1e9F), 0xFC00);
    EXPECT_EQ(floatToHalf(std::ldexp(1.0F, -25)), 0); // half-way to the smallest subnormal
    EXPECT_EQ(floatToHalf(std::ldexp(1.5F, -25)), 1);
    EXPECT_TRUE(std::isnan(halfToFloat(floatToHalf(std::numeric_limits<float>::quiet_NaN()))));
}

TEST(Half, VectorsRoundAsSingleValues) {
    std::mt19937 random(1);
    std::vector<float> values(10007);
    for (float& v : values) {
        v = std::bit_cast<float>(std::uint32_t(random()));
    }
    std::vector<std::uint16_t> halves(values.size());
    floatToHalf(values, std::as_writable_bytes(std::span(halves)).data());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isnan(values[i])) {
            EXPECT_EQ(halves[i], floatToHalf(values[i])) << values[i];
        }
    }
}

} // namespace
} // namespace moescope
