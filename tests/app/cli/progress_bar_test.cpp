#include "app/cli/progress_bar.h"

#include <gtest/gtest.h>

namespace moescope::cli {

TEST(ProgressBar, GroupsDigits) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(1234567), "1,234,567");
    EXPECT_EQ(grouped(-1234), "-1,234");
}

TEST(ProgressBar, SaysRateAndTimeLeft) {
    EXPECT_EQ(progressLine("record", "tokens", 500, 2000, 0, 2.0),
              "record  25% [######------------------] 500/2,000 tokens  250 tokens/s  0:06 left");
}

TEST(ProgressBar, WhatWasThereBeforeIsNotPartOfTheRate) {
    const std::string line = progressLine("record", "tokens", 1500, 2000, 1000, 5.0);
    EXPECT_NE(line.find("100 tokens/s  0:05 left"), std::string::npos) << line;
}

TEST(ProgressBar, NothingDoneYetHasNoRate) {
    EXPECT_EQ(progressLine("train", "steps", 0, 10, 0, 0.0), "train   0% [------------------------] 0/10 steps");
}

} // namespace moescope::cli
