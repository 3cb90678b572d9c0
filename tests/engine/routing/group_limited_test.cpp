#include "engine/routing/group_limited.h"

#include <vector>

#include <gtest/gtest.h>

#include "engine/routing/masked.h"

namespace moescope {
namespace {

std::vector<float> masked(GroupScore kind, int groups, int keep, std::vector<float> scores) {
    MoeConfig moe;
    moe.experts = int(scores.size());
    moe.groupScore = kind;
    moe.groups = groups;
    moe.topkGroups = keep;
    maskLosingGroups(moe, scores);
    return scores;
}

TEST(GroupLimited, KeepsTheGroupOfTheLargestScore) {
    EXPECT_EQ(masked(GroupScore::Max, 2, 1, {.5F, .1F, .4F, .4F}), (std::vector<float>{.5F, .1F, kMasked, kMasked}));
}

TEST(GroupLimited, KeepsTheGroupOfTheTwoLargestScores) {
    EXPECT_EQ(masked(GroupScore::TopTwoSum, 2, 1, {.5F, .1F, .4F, .4F}),
              (std::vector<float>{kMasked, kMasked, .4F, .4F}));
}

TEST(GroupLimited, MasksBelowNegativeScores) {
    // A fill with 0 would let the masked experts win over the kept ones.
    EXPECT_EQ(masked(GroupScore::TopTwoSum, 2, 1, {-.5F, -.1F, -.4F, -.4F}),
              (std::vector<float>{-.5F, -.1F, kMasked, kMasked}));
}

TEST(GroupLimited, GivesTiesToTheLowerGroup) {
    EXPECT_EQ(masked(GroupScore::Max, 3, 2, {1, 0, 1, 0, 1, 0}), (std::vector<float>{1, 0, 1, 0, kMasked, kMasked}));
}

TEST(GroupLimited, ManyGroupsAndGroupsOfOne) {
    std::vector<float> scores(100);
    for (std::size_t e = 0; e < 100; ++e) {
        scores[e] = float(e);
    }
    const auto kept = masked(GroupScore::TopTwoSum, 100, 3, scores);
    for (std::size_t e = 0; e < 100; ++e) {
        EXPECT_EQ(kept[e], e >= 97 ? float(e) : kMasked);
    }
}

TEST(GroupLimited, LeavesOtherGatesAlone) {
    EXPECT_EQ(masked(GroupScore::None, 2, 1, {1, 2}), (std::vector<float>{1, 2}));
    EXPECT_EQ(masked(GroupScore::Max, 2, 2, {1, 2}), (std::vector<float>{1, 2}));
}

} // namespace
} // namespace moescope
