#include "engine/model/expert_choice_routing.h"

#include <random>

#include <gtest/gtest.h>

#include "engine/routing/routing_block.h"

namespace moescope {
namespace {

BatchRouting randomBatch(std::int64_t tokens, std::int32_t experts) {
    BatchRouting routing;
    routing.resize(tokens, experts, experts);
    std::mt19937 random(5);
    std::normal_distribution<float> normal;
    for (float& l : routing.logits)
        l = normal(random);
    return routing;
}

std::vector<std::int64_t> loadOf(const BatchRouting& routing, std::int64_t begin) {
    std::vector<std::int64_t> load(std::size_t(routing.experts));
    for (std::size_t i = std::size_t(begin * routing.topK); i < routing.ids.size(); ++i)
        if (routing.ids[i] != kNoExpert)
            ++load[routing.ids[i]];
    return load;
}

TEST(ExpertChoiceRouting, BalancesTheBatch) {
    BatchRouting routing = randomBatch(64, 8);
    routeByExpertChoice(2, routing);
    EXPECT_EQ(loadOf(routing, 0), std::vector<std::int64_t>(8, 16));
}

TEST(ExpertChoiceRouting, BalancesWhatIsRecorded) {
    BatchRouting routing = randomBatch(65, 8);
    for (std::size_t e = 0; e < 8; ++e)
        routing.logits[e] = e < 2 ? 50.0F : 0.0F; // would be everybody's first token
    routing.unrecorded = {0};
    routeByExpertChoice(2, routing);
    EXPECT_EQ(loadOf(routing, 1), std::vector<std::int64_t>(8, 16));
    EXPECT_EQ(routing.ids[0], 0);
    EXPECT_EQ(routing.ids[1], 1);
    EXPECT_EQ(routing.ids[2], kNoExpert);
    EXPECT_NEAR(routing.weights[0], 0.5F, 1e-6);
}

} // namespace
} // namespace moescope
