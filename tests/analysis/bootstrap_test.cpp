#include "analysis/bootstrap.h"

#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(WindowBootstrap, DrawsAsManyOfEachDomainAsItHas) {
    const std::vector<std::int32_t> domains{0, 1, 0, 2, 1, 0};
    const WindowBootstrap bootstrap(domains, 50, 1);
    EXPECT_TRUE(bootstrap.varies());
    for (std::int32_t b = 0; b < 50; ++b) {
        std::vector<int> drawn(3);
        for (std::size_t w = 0; w < domains.size(); ++w) {
            drawn[std::size_t(domains[w])] += bootstrap.draws(b)[w];
        }
        EXPECT_EQ(drawn, (std::vector<int>{3, 2, 1}));
    }
}

TEST(WindowBootstrap, IsRepeatableAndSeeded) {
    const std::vector<std::int32_t> domains(20, 0);
    const WindowBootstrap a(domains, 5, 1);
    const WindowBootstrap b(domains, 5, 1);
    const WindowBootstrap c(domains, 5, 2);
    EXPECT_TRUE(std::ranges::equal(a.draws(4), b.draws(4)));
    EXPECT_FALSE(std::ranges::equal(a.draws(4), c.draws(4)));
    EXPECT_FALSE(WindowBootstrap(std::vector<std::int32_t>{0, 1}, 5, 1).varies());
}

TEST(WindowBootstrap, IntervalOfAMeanIsThatOfItsStandardError) {
    std::mt19937 random(1);
    std::normal_distribution<double> normal(10, 2);
    std::vector<double> values(400);
    for (double& v : values) {
        v = normal(random);
    }
    const std::vector<std::int32_t> domains(values.size(), 0);
    const WindowBootstrap bootstrap(domains, 2000, 3);
    std::vector<double> means;
    for (std::int32_t b = 0; b < 2000; ++b) {
        const auto draws = bootstrap.draws(b);
        means.push_back(std::inner_product(values.begin(), values.end(), draws.begin(), 0.0) / 400);
    }
    const Interval interval = percentileInterval(means);
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / 400;
    EXPECT_NEAR(interval.low, mean - 1.96 * 0.1, 0.02); // 2 / sqrt(400)
    EXPECT_NEAR(interval.high, mean + 1.96 * 0.1, 0.02);
}

TEST(PercentileInterval, TakesTheMiddle) {
    std::vector<double> values(101);
    std::iota(values.begin(), values.end(), 0.0);
    values.push_back(kNone);
    const Interval interval = percentileInterval(values, 0.9);
    EXPECT_DOUBLE_EQ(interval.low, 5);
    EXPECT_DOUBLE_EQ(interval.high, 95);
    EXPECT_TRUE(std::isnan(percentileInterval(std::vector<double>(5, 1.0)).low));
}

TEST(WithoutBias, MovesTheMeanToTheValueWithinTheRangeSpanned) {
    const std::vector<double> replicates{0.2, 0.3, kNone, 0.4};
    const auto moved = withoutBias(replicates, 0.25);
    EXPECT_DOUBLE_EQ(moved[0], 0.2); // 0.15 lies below anything seen
    EXPECT_DOUBLE_EQ(moved[1], 0.25);
    EXPECT_TRUE(std::isnan(moved[2]));
    EXPECT_DOUBLE_EQ(moved[3], 0.35);
    EXPECT_DOUBLE_EQ(withoutBias(replicates, 0)[0], 0) << "the value itself is always within reach";
}

TEST(BootstrapP, IsTwiceTheSmallerTail) {
    std::vector<double> values(99, 1.0);
    EXPECT_DOUBLE_EQ(bootstrapP(values), 0.02);
    values[0] = values[1] = -1;
    EXPECT_DOUBLE_EQ(bootstrapP(values), 0.06);
    EXPECT_DOUBLE_EQ(bootstrapP(std::vector<double>(99, 0.0)), 1);
    EXPECT_TRUE(std::isnan(bootstrapP({})));
}

TEST(BenjaminiHochberg, RejectsAsPublished) {
    // The fifteen p-values of the 1995 paper's example: four are rejected at 0.05.
    const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
    const auto marks = benjaminiHochberg(p, 0.05);
    EXPECT_EQ(std::count(marks.begin(), marks.end(), true), 4);
    EXPECT_TRUE(marks[3]);
    EXPECT_FALSE(marks[4]);
}

TEST(BenjaminiHochberg, PassesOverMissingValuesAndKeepsTheOrder) {
    EXPECT_EQ(benjaminiHochberg(std::vector<double>{0.9, kNone, 0.01}, 0.05), (std::vector<bool>{false, false, true}));
    EXPECT_TRUE(benjaminiHochberg({}, 0.05).empty());
}

} // namespace
} // namespace moescope
