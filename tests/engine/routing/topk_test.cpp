#include "engine/routing/topk.h"

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "engine/routing/masked.h"
#include "tests/support/gate.h"
#include "tests/support/golden_tensors.h"
#include "tests/support/naive_topk.h"

namespace moescope {
namespace {

struct Routes {
    std::vector<std::uint16_t> ids;
    std::vector<float> weights;
};

Routes route(const MoeLayerInfo& layer, std::span<const float> logits) {
    const std::size_t slots = logits.size() / layer.moe.experts * layer.moe.topK;
    Routes routes{std::vector<std::uint16_t>(slots), std::vector<float>(slots)};
    routeTopK(layer, logits, routes.ids, routes.weights);
    return routes;
}

std::vector<float> randomLogits(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 2.0F);
    std::vector<float> logits(count);
    for (float& l : logits) {
        l = normal(random);
    }
    return logits;
}

void expectLikeNaive(const MoeLayerInfo& layer, const std::vector<float>& logits) {
    const auto k = std::size_t(layer.moe.topK);
    const auto experts = std::size_t(layer.moe.experts);
    const Routes routes = route(layer, logits);
    for (std::size_t t = 0; t * experts < logits.size(); ++t) {
        const auto expected = test::naiveTopK(layer, std::span(logits).subspan(t * experts, experts));
        for (std::size_t slot = 0; slot < k; ++slot) {
            ASSERT_EQ(routes.ids[t * k + slot], expected[slot].first) << "token " << t << " slot " << slot;
            ASSERT_NEAR(routes.weights[t * k + slot], expected[slot].second, 1e-6 * (1 + layer.moe.scale));
        }
    }
}

TEST(RouteTopK, AgreesWithTheNaiveReferenceForEveryGate) {
    for (auto [experts, k] : {std::pair{4, 1}, {8, 2}, {16, 2}, {60, 4}, {64, 8}, {256, 8}, {8, 8}}) {
        for (ScoreFunction score : {ScoreFunction::Softmax, ScoreFunction::Sigmoid, ScoreFunction::SoftmaxOverChosen}) {
            for (bool renormalize : {false, true}) {
                MoeLayerInfo layer = test::gate(experts, k);
                layer.moe.score = score;
                layer.moe.renormalize = renormalize;
                layer.moe.scale = renormalize ? 2.5F : 1.0F;
                expectLikeNaive(layer, randomLogits(100 * experts, unsigned(experts + k)));
            }
        }
    }
}

TEST(RouteTopK, AgreesWithTheNaiveReferenceForGroupsAndBias) {
    for (GroupScore kind : {GroupScore::Max, GroupScore::TopTwoSum}) {
        MoeLayerInfo layer = test::gate(64, 8);
        layer.moe.score = kind == GroupScore::Max ? ScoreFunction::Softmax : ScoreFunction::Sigmoid;
        layer.moe.groupScore = kind;
        layer.moe.groups = 8;
        layer.moe.topkGroups = 3;
        expectLikeNaive(layer, randomLogits(200 * 64, 3));
        layer.selectionBias = randomLogits(64, 4);
        expectLikeNaive(layer, randomLogits(200 * 64, 5));
    }
}

TEST(RouteTopK, RoutesAsDeepSeeksOwnGate) {
    const test::GoldenTensors tensors("metrics/deepseek_gate.safetensors");
    for (const auto& fixture : test::goldenJson("metrics/deepseek_gate.json")) {
        const std::string name = fixture.at("name");
        MoeLayerInfo layer = test::gate(fixture.at("num_experts"), fixture.at("top_k"));
        layer.moe.score = ScoreFunction::Sigmoid;
        layer.moe.scale = fixture.at("routed_scaling_factor");
        layer.moe.groups = fixture.at("n_group");
        layer.moe.topkGroups = fixture.at("topk_group");
        layer.moe.groupScore = layer.moe.groups > 1 ? GroupScore::TopTwoSum : GroupScore::None;
        layer.selectionBias = tensors.f32("bias." + name);
        const Routes routes = route(layer, tensors.f32("logits." + name));
        const auto ids = tensors.i64("official_ids." + name);
        const auto weights = tensors.f32("official_weights." + name);
        ASSERT_EQ(routes.ids.size(), ids.size());
        const auto k = std::size_t(layer.moe.topK);
        for (std::size_t t = 0; t < ids.size() / k; ++t) {
            std::map<int, float> expected, actual;
            for (std::size_t slot = t * k; slot < (t + 1) * k; ++slot) {
                expected[int(ids[slot])] = weights[slot];
                actual[routes.ids[slot]] = routes.weights[slot];
            }
            for (auto [id, weight] : expected) {
                ASSERT_TRUE(actual.count(id)) << name << " token " << t << " expert " << id;
                ASSERT_NEAR(actual[id], weight, 1e-5F);
            }
        }
    }
}

TEST(RouteTopK, GivesTiesToTheLowerExpert) {
    const Routes routes = route(test::gate(5, 3), std::vector<float>{1, 2, 2, 1, 1});
    EXPECT_EQ(routes.ids, (std::vector<std::uint16_t>{1, 2, 0}));
}

TEST(RouteTopK, OrdersSlotsByWeightWhereTheBiasChooses) {
    MoeLayerInfo layer = test::gate(3, 2);
    layer.moe.score = ScoreFunction::Sigmoid;
    layer.selectionBias = {1.0F, 0.0F, 0.0F};
    const Routes routes = route(layer, std::vector<float>{-1.0F, 2.0F, 1.0F});
    EXPECT_EQ(routes.ids, (std::vector<std::uint16_t>{1, 0}));
    EXPECT_GT(routes.weights[0], routes.weights[1]);
}

TEST(RouteTopK, ToldApartBelowTheRoundingOfProbabilities) {
    // Both lose every bit of their softmax, and still the larger logit is the stronger one.
    const Routes routes = route(test::gate(4, 2), std::vector<float>{200.0F, 0.0F, 1.0F, 0.5F});
    EXPECT_EQ(routes.ids, (std::vector<std::uint16_t>{0, 2}));
}

TEST(RouteTopK, LeavesOutMaskedExperts) {
    for (ScoreFunction score : {ScoreFunction::Softmax, ScoreFunction::Sigmoid, ScoreFunction::SoftmaxOverChosen,
                                ScoreFunction::SparseMixer}) {
        MoeLayerInfo layer = test::gate(3, 2);
        layer.moe.score = score;
        const Routes routes = route(layer, std::vector<float>{kMasked, 0.25F, kMasked, kMasked, kMasked, kMasked});
        EXPECT_EQ(routes.ids, (std::vector<std::uint16_t>{1, kNoExpert, kNoExpert, kNoExpert}));
        EXPECT_EQ(routes.weights[1], 0.0F);
        EXPECT_GT(routes.weights[0], 0.0F);
    }
}

TEST(RouteTopK, WeighsLikeSparseMixer) {
    MoeLayerInfo layer = test::gate(4, 2);
    layer.moe.score = ScoreFunction::SparseMixer;
    // 10 and 9.9 are within 2 % of each other; 9 is far from 10 and from 9.9.
    const Routes routes = route(layer, std::vector<float>{9.9F, 10.0F, 9.0F, 0.0F});
    EXPECT_EQ(routes.ids, (std::vector<std::uint16_t>{1, 0}));
    EXPECT_NEAR(routes.weights[0], 1 / (1 + std::exp(-0.1)), 1e-6);
    EXPECT_NEAR(routes.weights[1], 1.0, 1e-6);
}

TEST(RouteTopK, NamesTheTokenOfANaN) {
    std::vector<float> logits(12, 0.0F);
    logits[6] = std::numeric_limits<float>::quiet_NaN();
    Routes routes{std::vector<std::uint16_t>(6), std::vector<float>(6)};
    MoeLayerInfo layer = test::gate(4, 2);
    layer.layer = LayerId(5);
    try {
        routeTopK(layer, logits, routes.ids, routes.weights, 100);
        FAIL() << "routed a NaN";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
        EXPECT_NE(std::string(error.what()).find("layer 5, token 101, expert 2 is NaN"), std::string::npos)
            << error.what();
    }
}

TEST(RouteTopK, RefusesGatesThatCannotBe) {
    std::vector<MoeLayerInfo> gates{test::gate(0, 0), test::gate(4, 5), test::gate(4, 0), test::gate(70000, 2)};
    gates.push_back(test::gate(4, 2));
    gates.back().selectionBias = {1.0F};
    gates.push_back(test::gate(9, 2));
    gates.back().moe.groupScore = GroupScore::Max;
    gates.back().moe.groups = 2;
    gates.push_back(test::gate(8, 5));
    gates.back().moe.groupScore = GroupScore::Max;
    gates.back().moe.groups = 2;
    for (const MoeLayerInfo& layer : gates) {
        EXPECT_THROW(checkGate(layer), Error);
    }
}

TEST(RouteTopK, ABlockRoutesAsItsTokens) {
    const MoeLayerInfo layer = test::gate(16, 2);
    const std::vector<float> logits = randomLogits(16 * 50, 9);
    const Routes whole = route(layer, logits);
    for (std::size_t t = 0; t < 50; ++t) {
        const Routes one = route(layer, std::span(logits).subspan(t * 16, 16));
        EXPECT_TRUE(std::equal(one.ids.begin(), one.ids.end(), whole.ids.begin() + std::ptrdiff_t(t * 2)));
        EXPECT_TRUE(std::equal(one.weights.begin(), one.weights.end(), whole.weights.begin() + std::ptrdiff_t(t * 2)));
    }
}

} // namespace
} // namespace moescope
