#include "engine/routing/intervention.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "engine/routing/no_expert.h"
#include "tests/support/random_routing.h"

namespace moescope {
namespace {

TEST(Intervention, ChangesTheGate) {
    MoeLayerInfo layer;
    layer.layer = LayerId(3);
    layer.moe.experts = 4;
    layer.moe.topK = 2;
    EXPECT_EQ(intervenedGate({}, layer), layer);
    Intervention intervention;
    intervention.topK = 3;
    intervention.bias[LayerId(3)] = {0, 0, 1, 0};
    const MoeLayerInfo gate = intervenedGate(intervention, layer);
    EXPECT_EQ(gate.moe.topK, 3);
    EXPECT_EQ(gate.selectionBias, (std::vector<float>{0, 0, 1, 0}));
    EXPECT_EQ(intervenedGate(intervention, gate).selectionBias, (std::vector<float>{0, 0, 2, 0})); // on top of its own
    intervention.topK = 5;
    EXPECT_THROW(intervenedGate(intervention, layer), Error);
    intervention.topK = 0;
    intervention.bias[LayerId(3)] = {0, 0};
    EXPECT_THROW(intervenedGate(intervention, layer), Error);
}

TEST(Intervention, AblatedExpertsLeaveTheirSlotsAndNothingElseChanges) {
    const test::RandomRouting routing(8, 3, 200, 1, 5);
    const RoutingBlock block = routing.block();
    Intervention intervention;
    intervention.ablated = {{LayerId(5), 2}, {LayerId(5), 7}, {LayerId(4), 1}}; // the last is another layer's
    auto ids = routing.ids();
    std::vector<float> weights(block.weights.begin(), block.weights.end());
    constrainRoutes(intervention, routing.info(), block.logits, ids, weights);
    for (int t = 0; t < 200; ++t) {
        std::vector<std::pair<int, float>> expected;
        for (std::size_t slot = 0; slot < 3; ++slot) {
            const int e = block.idsOf(t)[slot];
            if (e != 2 && e != 7) {
                expected.emplace_back(e, block.weightsOf(t)[slot]);
            }
        }
        expected.resize(3, {kNoExpert, 0.0F});
        for (std::size_t slot = 0; slot < 3; ++slot) {
            const auto at = std::size_t(t) * 3 + slot;
            ASSERT_EQ(ids[at], expected[slot].first);
            ASSERT_EQ(weights[at], expected[slot].second);
        }
    }
}

TEST(Intervention, ServesTheAblatedUnderACapacity) {
    const test::RandomRouting routing(4, 2, 64, 2);
    Intervention intervention;
    intervention.ablated = {{LayerId(0), 0}};
    intervention.capacity = CapacityOptions{1.0, -1, CapacityRounding::Floor, OverflowPolicy::Drop, 64};
    auto ids = routing.ids();
    std::vector<float> weights(ids.size(), 0.5F);
    constrainRoutes(intervention, routing.info(), {}, ids, weights);
    for (std::uint16_t e = 0; e < 4; ++e) {
        EXPECT_LE(std::ranges::count(ids, e), e == 0 ? 0 : 32);
    }
}

TEST(Intervention, NamesWhatIsNotThere) {
    const test::RandomRouting routing(4, 2, 1, 1, 2);
    const std::vector<MoeLayerInfo> layers{routing.info()};
    Intervention intervention;
    checkIntervention(intervention, layers);
    EXPECT_TRUE(intervention.isNone());
    intervention.ablated = {{LayerId(2), 4}};
    EXPECT_THROW(checkIntervention(intervention, layers), Error);
    intervention.ablated = {{LayerId(1), 0}};
    EXPECT_THROW(checkIntervention(intervention, layers), Error);
    intervention.ablated = {{LayerId(2), 3}};
    checkIntervention(intervention, layers);
    intervention.bias[LayerId(0)] = {1, 2, 3, 4};
    EXPECT_THROW(checkIntervention(intervention, layers), Error);
}

} // namespace
} // namespace moescope
