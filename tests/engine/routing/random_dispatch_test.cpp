#include "engine/routing/random_dispatch.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/routing/routing_block.h"

namespace moescope {
namespace {

TEST(RandomDispatch, FollowsTheRuleByHand) {
    // 2 g2: 1, 0.5, 0.5, 0
    const std::vector<float> weights = {0.5F, 0.5F, 0.75F, 0.25F, 0.75F, 0.25F, 1.0F, 0.0F};
    const std::vector<float> uniform = {0.999F, 0.49F, 0.5F, 0.0F};
    std::vector<std::uint16_t> ids = {0, 1, 2, 3, 4, 5, 6, 7};
    dispatchSecondAtRandom(weights, uniform, ids);
    EXPECT_EQ(ids, (std::vector<std::uint16_t>{0, 1, 2, 3, 4, kNoExpert, 6, kNoExpert}));
}

TEST(RandomDispatch, SendsSecondsAsOftenAsTheirWeightSays) {
    constexpr std::size_t kTokens = 20000;
    for (const float second : {0.05F, 0.2F, 0.4F}) {
        std::vector<float> weights;
        for (std::size_t t = 0; t < kTokens; ++t)
            weights.insert(weights.end(), {1 - second, second});
        std::vector<std::uint16_t> ids(2 * kTokens, 3);
        dispatchSecondAtRandom(weights, uniformNumbers(1, 5, 2, kTokens), ids);
        double sent = 0;
        for (std::size_t t = 0; t < kTokens; ++t)
            sent += ids[2 * t + 1] == 3 ? 1 : 0;
        const double chance = 2 * double(second);
        const double deviation = std::sqrt(chance * (1 - chance) / kTokens);
        EXPECT_NEAR(sent / kTokens, chance, 4 * deviation);
    }
}

TEST(RandomDispatch, NumbersDependOnSeedStepAndLayerAlone) {
    const auto numbers = uniformNumbers(1, 2, 3, 1000);
    EXPECT_EQ(numbers, uniformNumbers(1, 2, 3, 1000));
    EXPECT_NE(numbers, uniformNumbers(2, 2, 3, 1000));
    EXPECT_NE(numbers, uniformNumbers(1, 3, 3, 1000));
    EXPECT_NE(numbers, uniformNumbers(1, 2, 4, 1000));
    for (const float number : numbers) {
        EXPECT_GE(number, 0.0F);
        EXPECT_LT(number, 1.0F);
    }
}

} // namespace
} // namespace moescope
