#include "app/service/inspect_report.h"

#include <gtest/gtest.h>

namespace moescope {

TEST(InspectReport, ScalesNumbersToThreeFigures) {
    EXPECT_EQ(byteText(640), "640 B");
    EXPECT_EQ(byteText(93.4e9), "93.4 GB");
    EXPECT_EQ(byteText(1234567), "1.23 MB");
    EXPECT_EQ(countText(999), "999");
    EXPECT_EQ(countText(999600), "1.00 M");
    EXPECT_EQ(countText(46.7e9), "46.7 B");
}

} // namespace moescope
