#include "analysis/specialization.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/separability.h"
#include "tests/support/random_routing.h"

namespace moescope {
namespace {

LayerSummary twoDomains() {
    LayerSummary layer = LayerSummary::empty({LayerId(0), {4, 2}, {}}, 2);
    layer.tokens = 40;
    layer.domainTokens = {30, 10};
    layer.byDomain = {30, 30, 0, 0, 0, 10, 10, 0};
    layer.assignments = {30, 40, 10, 0};
    return layer;
}

TEST(DomainAffinity, ByHand) {
    const LayerSummary layer = twoDomains();
    const DomainAffinity a = domainAffinity(layer, layer, 1, 2);
    EXPECT_EQ(a.assignments, 10);
    EXPECT_DOUBLE_EQ(a.share, 0.5);
    EXPECT_DOUBLE_EQ(a.tokenShare, 1.0);
    EXPECT_DOUBLE_EQ(a.lift, 0.5 / (10.0 / 80));
    EXPECT_DOUBLE_EQ(a.pmiBits, 2.0);
    EXPECT_EQ(domainAffinity(layer, layer, 1, 0).pmiBits, -INFINITY);
    EXPECT_TRUE(std::isnan(domainAffinity(layer, layer, 0, 3).lift)); // nobody goes there
}

TEST(DomainAffinity, SharesOfADomainSumToOneAndLiftsAverageToOne) {
    const test::RandomRouting routing(16, 4, 500, 1);
    LayerSummary layer = LayerSummary::empty(routing.info(), 3);
    std::vector<std::int32_t> domains(500);
    for (std::size_t t = 0; t < domains.size(); ++t) {
        domains[t] = std::int32_t(t / 100 % 3);
    }
    layer.add(routing.block(), routing.info(), domains);
    for (int d = 0; d < 3; ++d) {
        double shares = 0, tokenShares = 0;
        for (int e = 0; e < 16; ++e) {
            shares += domainAffinity(layer, layer, d, e).share;
            tokenShares += domainAffinity(layer, layer, d, e).tokenShare;
        }
        EXPECT_NEAR(shares, 1, 1e-12);
        EXPECT_NEAR(tokenShares, 4, 1e-12);
    }
    for (int e = 0; e < 16; ++e) {
        double lift = 0;
        for (int d = 0; d < 3; ++d) {
            lift += domainAffinity(layer, layer, d, e).lift * double(layer.domainTokens[std::size_t(d)]) / 500;
        }
        EXPECT_NEAR(lift, 1, 1e-12);
    }
}

TEST(Separability, IsZeroForAlikeAndOneForDisjointDomains) {
    EXPECT_NEAR(domainSeparability(std::vector<std::int64_t>{5, 10, 50, 100}, 2), 0, 1e-12);
    EXPECT_NEAR(domainSeparability(std::vector<std::int64_t>{5, 0, 0, 100}, 2), 1, 1e-12);
    // By hand: p = (1, 0), q = (1/2, 1/2), m = (3/4, 1/4): H(m) - H(q)/2 = 0.8113 - 0.5.
    EXPECT_NEAR(domainSeparability(std::vector<std::int64_t>{4, 0, 4, 4}, 2), 0.3112781, 1e-7);
    // A domain without tokens is left out; one domain separates from nothing.
    EXPECT_NEAR(domainSeparability(std::vector<std::int64_t>{5, 0, 0, 0, 0, 100}, 2), 1, 1e-12);
    EXPECT_TRUE(std::isnan(domainSeparability(std::vector<std::int64_t>{5, 10}, 2)));
}

TEST(Separability, ThePermutedValueShowsWhatChanceGives) {
    const test::RandomRouting routing(8, 2, 4000, 2);
    SegmentCounts windows(8, groupBoundaries(4000, 100));
    windows.add(routing.block());
    std::vector<std::int32_t> domains(40);
    std::vector<std::int64_t> counts(16);
    for (std::size_t w = 0; w < 40; ++w) {
        domains[w] = std::int32_t(w % 2);
        for (std::size_t e = 0; e < 8; ++e) {
            counts[w % 2 * 8 + e] += windows.counts(w)[e];
        }
    }
    const SeparabilityNull null = permutedSeparability(windows, domains, 2);
    EXPECT_GT(null.mean, 0); // biased upwards, though the domains are alike
    EXPECT_GT(null.high, null.mean);
    EXPECT_LT(domainSeparability(counts, 8), 4 * null.high);
    EXPECT_EQ(permutedSeparability(windows, domains, 2).mean, null.mean);
}

} // namespace
} // namespace moescope
