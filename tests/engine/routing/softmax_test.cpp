#include "engine/routing/softmax.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace moescope {
namespace {

TEST(RouterExp, IsWithinTwoUlpOfTheTrueValue) {
    double worst = 0;
    for (float x = -87.0F; x < 88.6F; x += 0.00137F) {
        const double truth = std::exp(double(x));
        const double ulp = double(std::nextafter(float(truth), INFINITY)) - double(float(truth));
        worst = std::max(worst, std::fabs(double(routerExp(x)) - truth) / ulp);
    }
    EXPECT_LE(worst, 2.0);
}

TEST(RouterExp, IsExactAtZeroAndZeroFarBelow) {
    EXPECT_EQ(routerExp(0.0F), 1.0F);
    EXPECT_EQ(routerExp(-100.0F), 0.0F);
    EXPECT_EQ(routerExp(-std::numeric_limits<float>::infinity()), 0.0F);
    EXPECT_TRUE(std::isfinite(routerExp(1000.0F)));
}

TEST(Softmax, SumsToOneAndAgreesWithDouble) {
    std::mt19937 random(7);
    std::normal_distribution<float> normal(0.0F, 5.0F);
    for (int experts : {1, 3, 8, 13, 64, 256}) {
        std::vector<float> logits(experts), probs(experts);
        for (float& l : logits) {
            l = normal(random);
        }
        softmax(logits, probs);
        double denominator = 0, sum = 0;
        for (float l : logits) {
            denominator += std::exp(double(l));
        }
        for (int e = 0; e < experts; ++e) {
            sum += double(probs[e]);
            EXPECT_NEAR(probs[e], std::exp(double(logits[e])) / denominator, 1e-6);
        }
        EXPECT_NEAR(sum, 1.0, 1e-6);
    }
}

TEST(Softmax, GivesAMaskedExpertNothing) {
    std::vector<float> values{1.0F, -std::numeric_limits<float>::infinity(), 1.0F};
    softmax(values, values);
    EXPECT_EQ(values, (std::vector<float>{0.5F, 0.0F, 0.5F}));
}

TEST(Sigmoid, AgreesWithDouble) {
    for (float x = -90.0F; x < 90.0F; x += 0.37F) {
        float score = 0;
        sigmoid(std::span(&x, 1), std::span(&score, 1));
        EXPECT_NEAR(score, 1 / (1 + std::exp(-double(x))), 2e-7);
    }
}

} // namespace
} // namespace moescope
