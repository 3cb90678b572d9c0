#include "analysis/uniform_null.h"

#include <cmath>

#include <gtest/gtest.h>

namespace moescope {
namespace {

TEST(UniformNull, StatesTheFormulas) {
    EXPECT_NEAR(nullCv(1000, 2, 16), std::sqrt(14.0 / 2000), 1e-15);
    EXPECT_NEAR(nullDead(10, 1, 4), 4 * std::pow(0.75, 10), 1e-15);
    EXPECT_EQ(nullDead(5, 4, 4), 0);
    EXPECT_EQ(nullCv(5, 4, 4), 0);
}

TEST(UniformNull, MonteCarloAgreesWithTheFormula) {
    for (auto [tokens, k, experts] : {std::tuple{300, 2, 16}, {100'000, 2, 16}, {50'000, 8, 64}}) {
        const UniformNull null = uniformNull(tokens, k, experts);
        EXPECT_NEAR(null.cvBand.mean, null.cv, 0.06 * null.cv); // the mean is a little below the RMS
        EXPECT_LT(null.cvBand.low, null.cvBand.mean);
        EXPECT_GT(null.cvBand.high, null.cvBand.mean);
        EXPECT_LT(null.maxVio.low, null.maxVio.mean);
        EXPECT_GT(null.maxVio.high, null.maxVio.mean);
        EXPECT_NEAR(null.largestShare.mean * experts, 1 + null.maxVio.mean, 1e-9);
    }
}

// Either side of the size from which counts come from the normal approximation.
TEST(UniformNull, TheApproximationContinuesTheDrawnRoutings) {
    for (int experts : {8, 16, 128}) {
        const UniformNull drawn = uniformNull(2500, 2, experts);
        const UniformNull normal = uniformNull(2501, 2, experts);
        EXPECT_NEAR(drawn.maxVio.mean, normal.maxVio.mean, 0.04 * drawn.maxVio.mean) << experts;
        EXPECT_NEAR(drawn.maxVio.high, normal.maxVio.high, 0.08 * drawn.maxVio.high) << experts;
    }
}

TEST(UniformNull, IsTheSameForTheSameSeed) {
    EXPECT_EQ(uniformNull(500, 2, 8, 3).maxVio.mean, uniformNull(500, 2, 8, 3).maxVio.mean);
    EXPECT_NE(uniformNull(500, 2, 8, 3).maxVio.mean, uniformNull(500, 2, 8, 4).maxVio.mean);
}

TEST(UniformNull, HasNoFiguresWithoutTokens) {
    const UniformNull null = uniformNull(0, 2, 8);
    EXPECT_TRUE(std::isnan(null.cv) && std::isnan(null.maxVio.mean));
    EXPECT_EQ(null.dead, 8);
}

TEST(UniformNull, EveryExpertForEveryTokenIsExactlyBalanced) {
    for (int tokens : {10, 100'000}) {
        const UniformNull null = uniformNull(tokens, 4, 4);
        EXPECT_EQ(null.maxVio.mean, 0);
        EXPECT_EQ(null.cvBand.high, 0);
    }
}

} // namespace
} // namespace moescope
