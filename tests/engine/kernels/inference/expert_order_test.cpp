#include "engine/kernels/inference/expert_order.h"

#include <gtest/gtest.h>

#include "engine/routing/routing_block.h"

namespace moescope {
namespace {

TEST(ExpertOrder, GroupsTokensByExpert) {
    const std::vector<std::uint16_t> ids{2, 0, /**/ 0, kNoExpert, /**/ 2, 3};
    ExpertOrder order;
    sortByExpert(ids, 4, 2, order);
    EXPECT_EQ(order.begin, (std::vector<std::int64_t>{0, 2, 2, 4, 5}));
    EXPECT_EQ(order.tokenOf, (std::vector<std::int32_t>{0, 1, 0, 2, 2}));
    EXPECT_EQ(order.rowOf, (std::vector<std::int32_t>{2, 0, 1, -1, 3, 4}));
}

TEST(ExpertOrder, HoldsNothingOfAnEarlierBatch) {
    ExpertOrder order;
    sortByExpert(std::vector<std::uint16_t>{1, 0, 1, 1}, 2, 1, order);
    sortByExpert(std::vector<std::uint16_t>{}, 3, 1, order);
    EXPECT_EQ(order.begin, (std::vector<std::int64_t>{0, 0, 0, 0}));
    EXPECT_TRUE(order.tokenOf.empty());
}

} // namespace
} // namespace moescope
