#include "analysis/route_overlap.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "engine/routing/routing_block.h"

namespace moescope {
namespace {

using Ids = std::vector<std::uint16_t>;

TEST(RouteOverlap, ComparesSetsWhateverTheirOrder) {
    RouteOverlap overlap;
    overlap.add(Ids{1, 2}, Ids{2, 1});
    EXPECT_EQ(overlap.changed, 0);
    EXPECT_DOUBLE_EQ(overlap.jaccard(), 1);
    overlap.add(Ids{1, 2}, Ids{1, 3});
    EXPECT_DOUBLE_EQ(overlap.changedShare(), 0.5);
    EXPECT_DOUBLE_EQ(overlap.jaccard(), (1 + 1.0 / 3) / 2);
    EXPECT_DOUBLE_EQ(overlap.saturation(), 0.75);
}

TEST(RouteOverlap, HandlesOtherNumbersOfSlotsAndEmptyOnes) {
    RouteOverlap overlap;
    overlap.add(Ids{4, kNoExpert}, Ids{4, 5, 6});
    EXPECT_EQ(overlap.changed, 1);
    EXPECT_DOUBLE_EQ(overlap.jaccard(), 1.0 / 3);
    RouteOverlap empty;
    EXPECT_TRUE(std::isnan(empty.jaccard()));
    empty.add(Ids{kNoExpert}, Ids{kNoExpert});
    EXPECT_EQ(empty.changed, 0);
    empty.add(overlap);
    EXPECT_EQ(empty.tokens, 2);
}

} // namespace
} // namespace moescope
