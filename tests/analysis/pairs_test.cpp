#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "analysis/coactivation.h"
#include "analysis/transitions.h"
#include "engine/routing/error.h"
#include "tests/support/random_routing.h"

namespace moescope {
namespace {

TEST(Coactivation, CountsAllPairsOfAToken) {
    // Ranks 0 and 2 are no neighbours and still a pair.
    const std::vector<std::uint16_t> ids{4, 1, 3, 1, 3, kNoExpert};
    const std::vector<float> weights(6, 0.5F);
    CoactivationCounts counts(5);
    counts.add({LayerId(0), 0, 2, 3, 5, ids, weights, {}});
    EXPECT_EQ(counts.count(4, 3), 1);
    EXPECT_EQ(counts.count(3, 4), 1);
    EXPECT_EQ(counts.count(1, 3), 2);
    EXPECT_EQ(counts.count(1, 1), 2);
    EXPECT_EQ(counts.conditional(3, 1), 1.0);
    EXPECT_EQ(counts.conditional(4, 1), 0.5);
    EXPECT_TRUE(std::isnan(counts.conditional(1, 0)));
}

TEST(Coactivation, EachTokenOfAnExpertHasKMinusOnePartners) {
    const test::RandomRouting routing(16, 4, 400, 3);
    CoactivationCounts whole(16), sum(16);
    whole.add(routing.block());
    for (const RoutingBlock& block : routing.blocks(64)) {
        CoactivationCounts part(16);
        part.add(block);
        sum.add(part);
    }
    for (int a = 0; a < 16; ++a) {
        std::int64_t partners = 0;
        for (int b = 0; b < 16; ++b) {
            partners += a == b ? 0 : whole.count(a, b);
            EXPECT_EQ(whole.count(a, b), whole.count(b, a));
            EXPECT_EQ(whole.count(a, b), sum.count(a, b));
        }
        EXPECT_EQ(partners, 3 * whole.count(a, a));
    }
}

TEST(Transitions, AgreeWithANaiveCountOverAllSlotPairs) {
    const test::RandomRouting here(8, 2, 200, 1, 0);
    const test::RandomRouting there(6, 3, 200, 2, 1);
    TransitionCounts whole(8, 6), sum(8, 6);
    whole.add(here.block(), there.block());
    for (TokenIndex t = 0; t < 200; t += 50) {
        TransitionCounts part(8, 6);
        part.add(here.block(t, t + 50), there.block(t, t + 50));
        sum.add(part);
    }
    std::map<std::pair<int, int>, std::int64_t> naive;
    for (std::size_t t = 0; t < 200; ++t) {
        for (std::size_t a = 0; a < 2; ++a) {
            for (std::size_t b = 0; b < 3; ++b) {
                ++naive[{here.ids()[t * 2 + a], there.ids()[t * 3 + b]}];
            }
        }
    }
    std::int64_t total = 0;
    for (int a = 0; a < 8; ++a) {
        for (int b = 0; b < 6; ++b) {
            EXPECT_EQ(whole.count(a, b), (naive[{a, b}]));
            EXPECT_EQ(whole.count(a, b), sum.count(a, b));
            total += whole.count(a, b);
        }
    }
    EXPECT_EQ(total, 200 * 2 * 3);
}

// Two slots a token are counted another way where there are many tokens.
TEST(Pairs, OfTwoSlotsAreTheSameForManyTokensAndForOneAtATime) {
    const test::RandomRouting here(6, 2, 500, 5, 0);
    const test::RandomRouting there(7, 2, 500, 6, 1);
    std::vector<std::uint16_t> ids(here.ids().begin(), here.ids().end());
    ids[6] = ids[9] = ids[20] = ids[21] = kNoExpert;
    RoutingBlock block = here.block();
    block.ids = ids;
    CoactivationCounts together(6), oneByOne(6);
    TransitionCounts moves(6, 7), movesOneByOne(6, 7);
    together.add(block);
    moves.add(block, there.block());
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        RoutingBlock token = here.block(t, t + 1);
        token.ids = std::span(ids).subspan(std::size_t(t) * 2, 2);
        oneByOne.add(token);
        movesOneByOne.add(token, there.block(t, t + 1));
    }
    std::int64_t choices = 0;
    for (int a = 0; a < 6; ++a) {
        choices += together.count(a, a);
        for (int b = 0; b < 6; ++b) {
            EXPECT_EQ(together.count(a, b), oneByOne.count(a, b));
        }
        for (int b = 0; b < 7; ++b) {
            EXPECT_EQ(moves.count(a, b), movesOneByOne.count(a, b));
        }
    }
    EXPECT_EQ(choices, 996);
}

TEST(Transitions, RefuseBlocksOfOtherTokens) {
    const test::RandomRouting routing(4, 2, 100, 1);
    TransitionCounts counts(4, 4);
    EXPECT_THROW(counts.add(routing.block(0, 50), routing.block(50, 100)), Error);
}

} // namespace
} // namespace moescope
