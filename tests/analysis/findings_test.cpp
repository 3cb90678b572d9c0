#include "analysis/findings.h"

#include <gtest/gtest.h>

#include "analysis/capacity_groups.h"
#include "tests/support/random_routing.h"

namespace moescope {
namespace {

LayerSummary layerOf(int index, std::vector<std::int64_t> counts) {
    LayerSummary layer = LayerSummary::empty({LayerId(index), {4, 1}, {}}, 2);
    layer.assignments = counts;
    for (std::int64_t n : counts) {
        layer.tokens += n;
    }
    layer.domainTokens = {layer.tokens, 0};
    std::copy(counts.begin(), counts.end(), layer.byDomain.begin());
    return layer;
}

TEST(Findings, NameTheLeastBalancedLayer) {
    const std::vector<LayerSummary> layers{layerOf(1, {250, 250, 250, 250}), layerOf(3, {100, 700, 200, 0})};
    const auto finding = leastBalancedLayer(layers);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->layer, LayerId(3));
    EXPECT_EQ(finding->expert, ExpertId(1));
    EXPECT_DOUBLE_EQ(finding->loadRatio, 2.8);
    EXPECT_TRUE(finding->aboveChance());
    EXPECT_GT(finding->nullMaxVio, 0);
    EXPECT_EQ(finding->deadExperts, 1);
    EXPECT_EQ(finding->balancedLayers, 1);
    EXPECT_EQ(finding->layers, 2);
    EXPECT_FALSE(leastBalancedLayer({}));
    const std::vector<UniformNull> chance(2, uniformNull(1000, 1, 4));
    const auto same = leastBalancedLayer(layers, chance);
    EXPECT_EQ(same->nullMaxVio, finding->nullMaxVio);
    EXPECT_EQ(same->balancedLayers, finding->balancedLayers);
}

TEST(Findings, RankLiftsWithEnoughAssignments) {
    LayerSummary layer = layerOf(0, {0, 0, 0, 0});
    layer.domainTokens = {100, 10};
    layer.byDomain = {50, 50, 0, 0, 0, 0, 8, 2};
    layer.assignments = {50, 50, 8, 2};
    const std::vector<LayerSummary> layers{layer};
    const auto lifts = strongestLifts(layers, layers, 5, 1);
    ASSERT_EQ(lifts.size(), 1U);
    EXPECT_EQ(lifts[0].expert, ExpertId(2));
    EXPECT_EQ(lifts[0].domain, 1);
    EXPECT_DOUBLE_EQ(lifts[0].lift, 0.8 / (8.0 / 110));
    const auto separable = mostSeparatingLayer(layers);
    ASSERT_TRUE(separable);
    EXPECT_NEAR(separable->bits, 1, 1e-12);
    EXPECT_FALSE(mostSeparatingLayer(std::vector<LayerSummary>{layerOf(0, {1, 1, 1, 1})}));
}

TEST(Findings, NameTheLayerThatDropsMostAndAFactorThatSuffices) {
    const test::RandomRouting even(8, 2, 2000, 1);
    CapacityWhatIf whatIf(8, 2, OverflowPolicy::Drop, 500);
    CapacityGroups groups(even.info(), OverflowPolicy::Drop, 500,
                          [&](const CapacityGroup& g, TokenIndex) { whatIf.add(g); });
    groups.add(even.block());
    groups.finish();
    const std::vector<LayerWhatIf> layers{{LayerId(4), &whatIf}};
    const auto finding = overflowFinding(layers, {});
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->layer, LayerId(4));
    EXPECT_GT(finding->droppedShare, 0);
    ASSERT_TRUE(finding->factor);
    EXPECT_LE(whatIf.at({.factor = *finding->factor}).droppedShare(), 0.01);
    EXPECT_FALSE(overflowFinding({}, {}));
}

TEST(Findings, NameTokensPartnersAndTransitions) {
    const std::vector<std::uint16_t> ids{0, 1, 0, 1, 2, 3};
    const std::vector<float> weights(6, 0.5F);
    const RoutingBlock block{LayerId(0), 0, 3, 2, 4, ids, weights, {}};
    const std::vector<std::int32_t> tokenIds{5, 5, 6};
    VocabularyCounts vocabulary(std::make_shared<VocabularyIndex>(tokenIds), 4);
    vocabulary.add(block);
    const auto token = mostExclusiveToken(vocabulary, 4, 2);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->entry.tokenId, 5);
    CoactivationCounts pairs(4);
    pairs.add(block);
    const auto partners = strongestPartners(pairs, 2, 2);
    ASSERT_TRUE(partners);
    EXPECT_EQ(partners->expert, ExpertId(0));
    EXPECT_EQ(partners->partner, ExpertId(1));
    EXPECT_DOUBLE_EQ(partners->uniform, 1.0 / 3);
    TransitionCounts moves(4, 4);
    moves.add(block, block);
    const auto move = surestTransition(moves, 2);
    ASSERT_TRUE(move);
    EXPECT_DOUBLE_EQ(move->share, 0.5);
    EXPECT_EQ(move->count, 2);
}

} // namespace
} // namespace moescope
