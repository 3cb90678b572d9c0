#include "analysis/segment_counts.h"

#include <gtest/gtest.h>

#include "tests/support/random_routing.h"

namespace moescope {
namespace {

TEST(GroupBoundaries, LeaveAShorterLastGroup) {
    EXPECT_EQ(groupBoundaries(10, 4), (std::vector<TokenIndex>{0, 4, 8, 10}));
    EXPECT_EQ(groupBoundaries(8, 4), (std::vector<TokenIndex>{0, 4, 8}));
    EXPECT_EQ(groupBoundaries(0, 4), (std::vector<TokenIndex>{0}));
}

TEST(WindowsOf, CutsWithinDocuments) {
    const std::vector<DocumentInfo> documents{{"a", "x", 0, 10}, {"b", "y", 10, 3}};
    const Windows windows = windowsOf(documents, 4);
    EXPECT_EQ(windows.boundaries, (std::vector<TokenIndex>{0, 4, 8, 10, 13}));
    EXPECT_EQ(windows.document, (std::vector<std::int32_t>{0, 0, 0, 1}));
    EXPECT_EQ(windowsOf(documents, 0).boundaries, (std::vector<TokenIndex>{0, 10, 13}));
}

TEST(SegmentCounts, AgreesWithANaiveCountHoweverBlocksAreCut) {
    const test::RandomRouting routing(8, 2, 333, 6);
    for (std::int64_t size : {1, 7, 64, 333}) {
        SegmentCounts counts(8, groupBoundaries(333, 50));
        for (const RoutingBlock& block : routing.blocks(size)) {
            counts.add(block);
        }
        for (std::size_t s = 0; s < counts.segments(); ++s) {
            std::vector<std::uint32_t> naive(8);
            for (std::size_t t = s * 50; t < std::min<std::size_t>(333, (s + 1) * 50); ++t) {
                ++naive[routing.ids()[2 * t]];
                ++naive[routing.ids()[2 * t + 1]];
            }
            EXPECT_TRUE(std::equal(naive.begin(), naive.end(), counts.counts(s).begin())) << size << " " << s;
        }
    }
}

TEST(SegmentCounts, PassesOverTokensOutside) {
    const test::RandomRouting routing(4, 1, 100, 6);
    SegmentCounts counts(4, {20, 30});
    counts.add(routing.block());
    std::uint32_t total = 0;
    for (std::uint32_t n : counts.counts(0)) {
        total += n;
    }
    EXPECT_EQ(total, 10U);
    EXPECT_EQ(counts.tokens(0), 10);
}

} // namespace
} // namespace moescope
