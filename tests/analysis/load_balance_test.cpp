#include "analysis/load_balance.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/golden_tensors.h"

namespace moescope {
namespace {

TEST(LoadBalance, AgreesWithNumpy) {
    for (const auto& fixture : test::goldenJson("metrics/distribution.json")) {
        const std::vector<std::int64_t> counts = fixture.at("counts");
        const LoadBalance b = loadBalance(counts);
        SCOPED_TRACE(std::string(fixture.at("name")));
        const auto near = [&](double value, const char* key) {
            if (fixture.at(key).is_null()) {
                EXPECT_TRUE(std::isnan(value)) << key;
                return;
            }
            const double expected = fixture.at(key);
            EXPECT_NEAR(value, expected, 1e-12 * (1 + std::fabs(expected))) << key;
        };
        near(b.cv, "cv");
        near(b.maxVio + 1, "max_over_mean");
        near(b.entropy, "entropy_nats");
        near(b.normalizedEntropy, "normalized_entropy");
        near(b.effectiveExperts, "effective_experts");
        near(b.gini, "gini");
        near(b.klUniform, "kl_to_uniform_nats");
        EXPECT_EQ(b.deadExperts, int(fixture.at("unused_experts")));
    }
}

TEST(LoadBalance, HasNoFiguresWithoutAssignments) {
    const LoadBalance b = loadBalance(std::vector<std::int64_t>{0, 0, 0});
    EXPECT_TRUE(std::isnan(b.cv) && std::isnan(b.maxVio) && std::isnan(b.gini) && std::isnan(b.klUniform));
    EXPECT_EQ(b.deadExperts, 3);
    EXPECT_TRUE(std::isnan(share(0, 0)));
}

TEST(LoadBalance, HasNoNormalizedEntropyForOneExpert) {
    const LoadBalance b = loadBalance(std::vector<std::int64_t>{5});
    EXPECT_TRUE(std::isnan(b.normalizedEntropy));
    EXPECT_EQ(b.cv, 0);
    EXPECT_EQ(b.effectiveExperts, 1);
}

TEST(LoadBalance, NeitherOrderNorScaleOfTheCountsMatters) {
    std::mt19937 random(5);
    for (int trial = 0; trial < 50; ++trial) {
        std::vector<std::int64_t> counts(16);
        for (auto& n : counts) {
            n = std::int64_t(random() % 1000);
        }
        const LoadBalance a = loadBalance(counts);
        std::shuffle(counts.begin(), counts.end(), random);
        for (auto& n : counts) {
            n *= 7;
        }
        const LoadBalance b = loadBalance(counts);
        EXPECT_NEAR(a.cv, b.cv, 1e-12);
        EXPECT_NEAR(a.gini, b.gini, 1e-12);
        EXPECT_NEAR(a.entropy, b.entropy, 1e-12);
        EXPECT_NEAR(a.maxVio, b.maxVio, 1e-12);
        EXPECT_GE(a.gini, 0);
        EXPECT_LT(a.gini, 1);
        EXPECT_NEAR(a.klUniform + a.entropy, std::log(16.0), 1e-12);
    }
}

TEST(LoadRatio, IsOneWhenFair) {
    EXPECT_EQ(loadRatio(25, 100, 4), 1.0);
    EXPECT_EQ(share(25, 100), 0.25);
}

} // namespace
} // namespace moescope
