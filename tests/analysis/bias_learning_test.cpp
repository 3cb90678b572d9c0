#include "analysis/bias_learning.h"

#include <gtest/gtest.h>

#include "engine/routing/topk.h"
#include "tests/support/random_routing.h"

namespace moescope {
namespace {

double violation(const MoeLayerInfo& gate, std::span<const float> logits) {
    std::vector<std::uint16_t> ids(logits.size() / std::size_t(gate.moe.experts) * std::size_t(gate.moe.topK));
    std::vector<float> weights(ids.size());
    routeTopK(gate, logits, ids, weights);
    std::vector<std::int64_t> load(static_cast<std::size_t>(gate.moe.experts));
    addLoad(ids, load);
    return maxViolation(load);
}

LearntBias learn(const test::RandomRouting& routing, const BiasLearning& learning) {
    return learnCorrectionBias(routing.info(), routing.block().logits, learning, [](std::int64_t) {});
}

TEST(BiasLearning, BalancesAWholeRun) {
    const test::RandomRouting routing(16, 2, 6000, 4);
    MoeLayerInfo gate = routing.info();
    const double before = violation(gate, routing.block().logits);
    gate.selectionBias = learn(routing, {}).bias;
    EXPECT_LT(violation(gate, routing.block().logits), before / 5);
}

TEST(BiasLearning, IsRepeatable) {
    const test::RandomRouting routing(8, 2, 1000, 1);
    const LearntBias a = learn(routing, {.batchTokens = 100, .passes = 3});
    const LearntBias b = learn(routing, {.batchTokens = 100, .passes = 3});
    const LearntBias c = learn(routing, {.batchTokens = 100, .passes = 3, .seed = 2});
    EXPECT_EQ(a.bias, b.bias);
    EXPECT_NE(a.steps[1].load, c.steps[1].load);
}

TEST(BiasLearning, LoadsTellTheWholeTrajectory) {
    const test::RandomRouting routing(8, 2, 1000, 1);
    const LearntBias learnt = learn(routing, {.rate = 0.5, .batchTokens = 300, .passes = 3});
    ASSERT_EQ(learnt.steps.size(), 12U); // 4 batches a pass, the last of 100 tokens
    EXPECT_EQ(learnt.steps[3].tokens, 1000);
    EXPECT_EQ(learnt.steps[11].tokens, 3000);
    std::vector<float> bias(8);
    for (const BiasStep& step : learnt.steps) {
        updateCorrectionBias(step.load, 0.5, bias);
    }
    EXPECT_EQ(bias, learnt.bias);
}

TEST(BiasLearning, KeepsAsManyStepsAsAsked) {
    const test::RandomRouting routing(4, 1, 500, 1);
    const LearntBias learnt = learn(routing, {.batchTokens = 50, .passes = 10, .recordedSteps = 30});
    EXPECT_EQ(learnt.steps.size(), 25U); // every fourth of 100
    EXPECT_EQ(learnt.steps[1].step, 5);
}

TEST(BiasLearning, MakesEnoughUpdatesWhateverTheRun) {
    EXPECT_EQ(passesOf({}, 2048 * 100), 10);
    EXPECT_EQ(passesOf({}, 100), 1000);
    EXPECT_EQ(passesOf({.passes = 2}, 100), 2);
}

} // namespace
} // namespace moescope
