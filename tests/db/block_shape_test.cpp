#include "db/block_shape.h"

#include <gtest/gtest.h>

namespace moescope::sqlite {
namespace {

TEST(BlockShape, DividesTheTokenBlock) {
    for (std::int32_t experts = 1; experts <= 512; ++experts) {
        for (const std::int32_t k : {1, 2, 3, 6, 8, 16}) {
            EXPECT_EQ(kTokenBlock % routeBlockTokens(k, experts <= 255 ? 1 : 2), 0);
        }
        EXPECT_EQ(kTokenBlock % logitBlockTokens(experts, 2), 0);
        EXPECT_EQ(kTokenBlock % logitBlockTokens(experts, 4), 0);
    }
}

TEST(BlockShape, KeepsOneTokensLogitsQuickToRead) {
    EXPECT_EQ(logitBlockTokens(8, 2), 1024);
    EXPECT_EQ(logitBlockTokens(16, 4), 1024);
    EXPECT_EQ(logitBlockTokens(64, 2), 256);
    EXPECT_EQ(logitBlockTokens(256, 2), 256);
}

TEST(BlockShape, LeavesLittleOfThePagesEmpty) {
    for (const std::int32_t k : {1, 2, 4, 8}) {
        const auto tokens = routeBlockTokens(k, 1);
        const double raw = double(tokens) * k * 5;
        EXPECT_LE(storedBytes(std::size_t(raw)) / raw, 1.13) << k;
    }
    const double wide = 8 * 6.0 * routeBlockTokens(8, 2);
    EXPECT_LE(storedBytes(std::size_t(wide)) / wide, 1.06);
}

} // namespace
} // namespace moescope::sqlite
