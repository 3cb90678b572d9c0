#include "analysis/margins.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/naive_topk.h"
#include "tests/support/random_routing.h"

namespace moescope {
namespace {

TEST(Margins, AgreeWithANaiveComputation) {
    const test::RandomRouting routing(8, 2, 400, 3);
    const RoutingBlock block = routing.block();
    std::vector<double> margins;
    for (int t = 0; t < 400; ++t) {
        auto scores = test::naiveScores(ScoreFunction::Softmax, block.logitsOf(t));
        std::sort(scores.rbegin(), scores.rend());
        margins.push_back(scores[1] - scores[2]);
        EXPECT_NEAR(double(tokenMargin(routing.info(), block.logitsOf(t))), margins.back(), 1e-6);
    }
    MarginHistogram whole, sum;
    whole.add(routing.info(), block);
    for (const RoutingBlock& part : routing.blocks(100)) {
        MarginHistogram histogram;
        histogram.add(routing.info(), part);
        sum.add(histogram);
    }
    EXPECT_EQ(whole.tokens(), 400);
    double mean = 0;
    for (double m : margins) {
        mean += m / 400;
    }
    EXPECT_NEAR(whole.mean(), mean, 1e-6);
    EXPECT_NEAR(sum.mean(), mean, 1e-6);
    std::sort(margins.begin(), margins.end());
    for (double q : {0.05, 0.25, 0.5, 0.9}) {
        EXPECT_NEAR(whole.quantile(q), margins[std::size_t(q * 400) - 1], 0.006) << q;
    }
}

TEST(Margins, HaveNoValueAtKEqualsE) {
    const test::RandomRouting routing(4, 4, 10, 3);
    MarginHistogram histogram;
    histogram.add(routing.info(), routing.block());
    EXPECT_EQ(histogram.tokens(), 0);
    EXPECT_TRUE(std::isnan(histogram.quantile(0.5)));
    EXPECT_TRUE(std::isnan(tokenMargin(routing.info(), routing.block().logitsOf(0))));
}

} // namespace
} // namespace moescope
