#include "analysis/capacity_whatif.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "analysis/capacity_groups.h"
#include "engine/routing/error.h"
#include "tests/support/random_routing.h"

namespace moescope {
namespace {

constexpr OverflowPolicy kQueued[] = {OverflowPolicy::Drop, OverflowPolicy::Priority, OverflowPolicy::Prob};

// What serving every group says, token by token.
struct Served {
    OverflowTotals totals;
    OverflowCounts counts;
};

Served serve(const test::RandomRouting& routing, const CapacityOptions& options) {
    const auto& moe = routing.info().moe;
    Served result{{}, OverflowCounts(moe.experts)};
    CapacityGroups groups(routing.info(), options.policy, options.groupTokens, [&](const CapacityGroup& g, TokenIndex) {
        std::vector<std::uint16_t> served(g.ids.size());
        const auto tokens = std::int64_t(g.tokens());
        serveGroup(g, options.policy, capacityOf(options, tokens, moe.topK, moe.experts), served);
        result.counts.add(g.ids, served);
        result.totals.tokens += tokens;
        result.totals.assigned += std::int64_t(served.size());
        for (std::size_t t = 0; t < g.tokens(); ++t) {
            const auto slots = std::span(served).subspan(t * std::size_t(moe.topK), std::size_t(moe.topK));
            const auto lost = std::count(slots.begin(), slots.end(), kNoExpert);
            result.totals.dropped += lost;
            result.totals.tokensLosingSome += lost > 0 ? 1 : 0;
            result.totals.tokensLosingAll += lost == moe.topK ? 1 : 0;
        }
    });
    for (const RoutingBlock& block : routing.blocks(37)) {
        groups.add(block);
    }
    groups.finish();
    return result;
}

TEST(CapacityWhatIf, EqualsServingEveryGroupForEveryConventionAndPolicy) {
    for (auto [experts, k] : {std::pair{4, 1}, {8, 2}, {16, 4}}) {
        const test::RandomRouting routing(experts, k, 500, unsigned(experts));
        for (OverflowPolicy policy : kQueued) {
            CapacityOptions options;
            options.policy = policy;
            options.groupTokens = 64;
            CapacityWhatIf whatIf(experts, k, policy, options.groupTokens);
            CapacityGroups groups(routing.info(), policy, options.groupTokens,
                                  [&](const CapacityGroup& group, TokenIndex) { whatIf.add(group); });
            groups.add(routing.block());
            groups.finish();
            for (auto rounding : {CapacityRounding::Floor, CapacityRounding::Ceil, CapacityRounding::Ceil4}) {
                options.rounding = rounding;
                for (double factor : {0.1, 0.5, 1.0, 1.25, 2.0, 20.0}) {
                    options.factor = factor;
                    const Served served = serve(routing, options);
                    const OverflowTotals totals = whatIf.at(options);
                    EXPECT_EQ(totals.tokens, served.totals.tokens);
                    EXPECT_EQ(totals.assigned, served.totals.assigned);
                    EXPECT_EQ(totals.dropped, served.totals.dropped);
                    EXPECT_EQ(totals.tokensLosingSome, served.totals.tokensLosingSome);
                    EXPECT_EQ(totals.tokensLosingAll, served.totals.tokensLosingAll);
                    EXPECT_EQ(whatIf.droppedByExpert(options), served.counts.dropped);
                    EXPECT_EQ(whatIf.assignedByExpert(), served.counts.assigned);
                }
            }
        }
    }
}

TEST(CapacityWhatIf, TheCurveFallsWithTheFactorAndEndsAtNothing) {
    const test::RandomRouting routing(8, 2, 1000, 5);
    CapacityWhatIf whatIf(8, 2, OverflowPolicy::Drop, 256);
    CapacityGroups groups(routing.info(), OverflowPolicy::Drop, 256,
                          [&](const CapacityGroup& group, TokenIndex) { whatIf.add(group); });
    groups.add(routing.block());
    groups.finish();
    const std::vector<double> factors{0.25, 0.5, 1, 1.5, 2, 4, 8};
    const auto curve = whatIf.curve({}, factors);
    for (std::size_t i = 1; i < curve.size(); ++i) {
        EXPECT_LE(curve[i].dropped, curve[i - 1].dropped);
        EXPECT_EQ(curve[i].dropped, whatIf.at({.factor = factors[i]}).dropped);
    }
    EXPECT_EQ(curve.back().dropped, 0);
    EXPECT_EQ(curve[2].capacity, 64);
}

TEST(CapacityWhatIf, PartsOfOtherGroupsAddUp) {
    const test::RandomRouting routing(8, 2, 300, 5);
    CapacityWhatIf whole(8, 2, OverflowPolicy::Prob, 100), first(whole), second(whole);
    int group = 0;
    CapacityGroups groups(routing.info(), OverflowPolicy::Prob, 100, [&](const CapacityGroup& g, TokenIndex) {
        whole.add(g);
        (group++ == 0 ? first : second).add(g);
    });
    groups.add(routing.block());
    groups.finish();
    EXPECT_EQ(group, 3);
    first.add(second);
    EXPECT_EQ(first.at({}).dropped, whole.at({}).dropped);
    EXPECT_EQ(first.at({}).tokensLosingAll, whole.at({}).tokensLosingAll);
    EXPECT_EQ(first.droppedByExpert({}), whole.droppedByExpert({}));
}

TEST(CapacityGroups, AreCutAtMultiplesOfTheGroupSizeWhereverReadingStarts) {
    const test::RandomRouting routing(4, 1, 100, 5);
    std::vector<std::pair<TokenIndex, std::size_t>> seen;
    CapacityGroups groups(routing.info(), OverflowPolicy::Next, 30, [&](const CapacityGroup& g, TokenIndex first) {
        EXPECT_EQ(g.choiceScores.size(), g.tokens() * 4);
        seen.emplace_back(first, g.tokens());
    });
    groups.add(routing.block(30, 71));
    groups.add(routing.block(71, 100));
    groups.finish();
    EXPECT_EQ(seen, (std::vector<std::pair<TokenIndex, std::size_t>>{{30, 30}, {60, 30}, {90, 10}}));
}

TEST(CapacityGroups, SayWhenLogitsAreMissing) {
    const test::RandomRouting routing(4, 1, 100, 5);
    RoutingBlock block = routing.block();
    block.logits = {};
    CapacityGroups groups(routing.info(), OverflowPolicy::Prob, 30, [](const CapacityGroup&, TokenIndex) {});
    EXPECT_THROW(groups.add(block), Error);
}

} // namespace
} // namespace moescope
