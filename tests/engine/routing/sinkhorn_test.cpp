#include "engine/routing/sinkhorn.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "engine/routing/masked.h"
#include "engine/routing/topk.h"
#include "tests/support/random_scores.h"

namespace moescope {
namespace {

// Sinkhorn-Knopp as the textbook has it, run until it stands still.
std::vector<double> naivePlan(const std::vector<float>& logits, int experts) {
    const auto width = std::size_t(experts);
    const std::size_t tokens = logits.size() / width;
    std::vector<double> plan(logits.begin(), logits.end());
    for (double& p : plan) {
        p = std::exp(p);
    }
    for (int i = 0; i < 5000; ++i) {
        for (std::size_t e = 0; e < width; ++e) {
            double sum = 0;
            for (std::size_t t = 0; t < tokens; ++t) {
                sum += plan[t * width + e];
            }
            for (std::size_t t = 0; t < tokens && sum > 0; ++t) {
                plan[t * width + e] *= double(tokens) / double(width) / sum;
            }
        }
        for (std::size_t t = 0; t < tokens; ++t) {
            double sum = 0;
            for (std::size_t e = 0; e < width; ++e) {
                sum += plan[t * width + e];
            }
            for (std::size_t e = 0; e < width; ++e) {
                plan[t * width + e] /= sum;
            }
        }
    }
    return plan;
}

TEST(Sinkhorn, FindsThePlanOfTheTextbook) {
    for (auto [tokens, experts] : {std::pair{20, 4}, {300, 16}, {64, 64}}) {
        const auto logits = test::randomScores(tokens, experts, unsigned(experts), 2.0F);
        std::vector<float> plan(logits.size());
        sinkhornPlan(logits, experts, {1000, 1e-5F}, plan);
        const auto expected = naivePlan(logits, experts);
        for (std::size_t i = 0; i < plan.size(); ++i) {
            ASSERT_NEAR(plan[i], expected[i], 2e-4) << i;
        }
    }
}

TEST(Sinkhorn, RowsSumToOneAndColumnsToTheFairShare) {
    const int tokens = 512;
    const int experts = 16;
    const auto logits = test::randomScores(tokens, experts, 1, 4.0F);
    std::vector<float> plan(logits.size());
    sinkhornPlan(logits, experts, {}, plan);
    std::vector<double> columns(experts);
    for (int t = 0; t < tokens; ++t) {
        double row = 0;
        for (int e = 0; e < experts; ++e) {
            row += double(plan[std::size_t(t * experts + e)]);
            columns[std::size_t(e)] += double(plan[std::size_t(t * experts + e)]);
        }
        ASSERT_NEAR(row, 1.0, 1e-5);
    }
    for (double column : columns) {
        EXPECT_NEAR(column, 32.0, 32.0 * 2e-3);
    }
}

TEST(Sinkhorn, ChoosesByThePlanAndWeighsByTheGate) {
    MoeLayerInfo layer;
    layer.moe.experts = 8;
    layer.moe.topK = 2;
    const auto logits = test::randomScores(400, 8, 7, 3.0F);
    std::vector<std::uint16_t> ids(800), plain(800);
    std::vector<float> weights(800), plainWeights(800);
    routeSinkhorn(layer, logits, {}, ids, weights);
    routeTopK(layer, logits, plain, plainWeights);
    const auto load = [](const std::vector<std::uint16_t>& chosen) {
        return std::count(chosen.begin(), chosen.end(), 1);
    };
    EXPECT_GT(load(plain), 350);
    EXPECT_LT(load(ids), 160); // the fair share is 100
    for (std::size_t t = 0; t < 400; ++t) {
        EXPECT_NE(ids[2 * t], ids[2 * t + 1]);
        EXPECT_NEAR(weights[2 * t] + weights[2 * t + 1], 1.0F, 1e-6F);
        const double difference = double(logits[8 * t + ids[2 * t]]) - double(logits[8 * t + ids[2 * t + 1]]);
        EXPECT_NEAR(weights[2 * t], 1 / (1 + std::exp(-difference)), 1e-5);
    }
}

TEST(Sinkhorn, LeavesMaskedExpertsOut) {
    MoeLayerInfo layer;
    layer.moe.experts = 3;
    layer.moe.topK = 2;
    const std::vector<float> logits{1, kMasked, 0, kMasked, kMasked, kMasked, 0, kMasked, 2};
    std::vector<std::uint16_t> ids(6);
    std::vector<float> weights(6);
    routeSinkhorn(layer, logits, {}, ids, weights);
    EXPECT_EQ(ids, (std::vector<std::uint16_t>{0, 2, kNoExpert, kNoExpert, 2, 0}));
    for (float w : weights) {
        EXPECT_TRUE(std::isfinite(w));
    }
}

TEST(Sinkhorn, StandsLogitsFarApart) {
    const std::vector<float> logits{300, 0, 300, 0, 300, 0, 299, 0};
    std::vector<float> plan(8);
    sinkhornPlan(logits, 2, {}, plan);
    for (float p : plan) {
        EXPECT_TRUE(std::isfinite(p) && p >= 0);
    }
}

} // namespace
} // namespace moescope
