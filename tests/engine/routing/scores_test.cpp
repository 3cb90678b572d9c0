#include "engine/routing/scores.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/gate.h"

namespace moescope {
namespace {

TEST(Probabilities, AreTheFamilysScore) {
    MoeConfig moe;
    const std::vector<float> logits = {0.0F, 1.0F, -1.0F};
    std::vector<float> probs(3);
    probabilities(moe, logits, probs);
    EXPECT_NEAR(std::accumulate(probs.begin(), probs.end(), 0.0), 1.0, 1e-6);
    EXPECT_NEAR(probs[1], 0.66524F, 1e-5);
    moe.score = ScoreFunction::SoftmaxOverChosen; // still over all experts
    std::vector<float> again(3);
    probabilities(moe, logits, again);
    EXPECT_EQ(probs, again);
    moe.score = ScoreFunction::Sigmoid;
    probabilities(moe, logits, probs);
    EXPECT_NEAR(probs[0], 0.5F, 1e-7);
    EXPECT_NEAR(probs[1], 0.731059F, 1e-6);
}

TEST(Probabilities, OfATokenWithoutExpertsAreZero) {
    const std::vector<float> logits(4, -std::numeric_limits<float>::infinity());
    std::vector<float> probs(4, 1.0F);
    probabilities(MoeConfig{}, logits, probs);
    EXPECT_EQ(probs, std::vector<float>(4, 0.0F));
}

TEST(SelectionScores, AddTheBiasAndMaskTheLosingGroups) {
    auto layer = test::gate(6, 1);
    layer.selectionBias = {0, 0, 0, 0, 0.5F, 0};
    layer.moe.groupScore = GroupScore::TopTwoSum;
    layer.moe.groups = 3;
    layer.moe.topkGroups = 2;
    std::vector<float> scores = {0.9F, 0.1F, 0.2F, 0.3F, 0.1F, 0.1F};
    selectionScores(layer, scores, scores);
    EXPECT_FLOAT_EQ(scores[0], 0.9F);
    EXPECT_FLOAT_EQ(scores[4], 0.6F);
    EXPECT_TRUE(std::isinf(scores[2]) && std::isinf(scores[3])); // 0.5 against 1.0 and 0.7
}

TEST(SelectionScores, EqualGroupsKeepTheLower) {
    auto layer = test::gate(4, 1);
    layer.moe.groupScore = GroupScore::Max;
    layer.moe.groups = 2;
    layer.moe.topkGroups = 1;
    std::vector<float> scores = {0.5F, 0.1F, 0.5F, 0.4F};
    selectionScores(layer, scores, scores);
    EXPECT_FLOAT_EQ(scores[0], 0.5F);
    EXPECT_TRUE(std::isinf(scores[2]));
}

TEST(RouterMargin, IsRankKMinusTheNext) {
    std::vector<float> scores = {0.1F, 0.4F, 0.3F, 0.2F};
    EXPECT_NEAR(routerMargin(scores, 2), 0.1F, 1e-7);
    EXPECT_NEAR(routerMargin(scores, 1), 0.1F, 1e-7);
    EXPECT_TRUE(std::isnan(routerMargin(scores, 4)));
}

TEST(RouterMargin, HasNoValueWhereTheKeptGroupsHoldNoOther) {
    const float none = -std::numeric_limits<float>::infinity();
    std::vector<float> scores = {0.1F, 0.4F, none, none};
    EXPECT_TRUE(std::isnan(routerMargin(scores, 2)));
}

TEST(LogSumExp, DoesNotOverflow) {
    EXPECT_NEAR(logSumExp(std::vector<float>{1000.0F, 1000.0F}), 1000.0 + std::log(2.0), 1e-9);
    EXPECT_NEAR(logSumExp(std::vector<float>{0.0F, std::log(2.0F)}), std::log(3.0), 1e-6);
    EXPECT_TRUE(std::isinf(logSumExp(std::vector<float>(2, -std::numeric_limits<float>::infinity()))));
}

} // namespace
} // namespace moescope
