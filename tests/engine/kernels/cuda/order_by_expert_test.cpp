#include "engine/kernels/cuda/order_by_expert.h"

#include <gtest/gtest.h>

#include "tests/engine/kernels/cuda/emulated_grid.h"
#include "tests/engine/kernels/cuda/naive_order.h"
#include "tests/engine/kernels/cuda/random_routes.h"

namespace moescope::cuda {
namespace {

struct Sizes {
    int experts, topK;
    std::int64_t tokens;
};

// From one expert to 512, up to several warps and blocks of assignments, and none.
const std::vector<Sizes> sizes{{1, 1, 1},     {1, 1, 700},   {3, 2, 31},    {8, 2, 1000},   {16, 1, 513}, {60, 4, 97},
                               {64, 6, 1200}, {160, 6, 300}, {256, 8, 700}, {512, 16, 200}, {8, 2, 0}};

TEST(CudaOrderByExpert, SortsStablyWhateverTheOrderOfThreads) {
    unsigned seed = 0;
    for (const auto& [experts, topK, tokens] : sizes) {
        const std::vector<std::uint16_t> ids = test::randomRoutes(experts, topK, tokens, ++seed);
        const test::NaiveOrder expected = test::naiveOrder(ids, experts, topK);
        std::vector<std::int32_t> begin(std::size_t(experts) + 1), tokenOf(ids.size(), -7), rowOf(ids.size());
        OrderCall call{experts, topK, tokens, ids.data(), begin.data(), tokenOf.data(), rowOf.data(), nullptr};
        std::vector<std::int32_t> counts(std::size_t(call.scratchCounts()), 0x5A5A5A5A);
        call.counts = counts.data();
        EmulatedLauncher launcher(seed);
        launchOrder(launcher, call);
        EXPECT_EQ(begin, expected.begin) << experts << " experts";
        EXPECT_EQ(rowOf, expected.rowOf) << experts << " experts";
        tokenOf.resize(expected.tokenOf.size());
        EXPECT_EQ(tokenOf, expected.tokenOf) << experts << " experts";
    }
}

TEST(CudaOrderByExpert, AllTokensMayGoToOneExpert) {
    const std::vector<std::uint16_t> ids(1500, 4);
    std::vector<std::int32_t> begin(7), tokenOf(ids.size()), rowOf(ids.size()), counts(6 * 6);
    const OrderCall call{6, 1, 1500, ids.data(), begin.data(), tokenOf.data(), rowOf.data(), counts.data()};
    ASSERT_LE(call.scratchCounts(), 36);
    EmulatedLauncher launcher;
    launchOrder(launcher, call);
    EXPECT_EQ(begin, (std::vector<std::int32_t>{0, 0, 0, 0, 0, 1500, 1500}));
    for (std::int32_t i = 0; i < 1500; ++i) {
        EXPECT_EQ(tokenOf[std::size_t(i)], i);
        EXPECT_EQ(rowOf[std::size_t(i)], i);
    }
}

} // namespace
} // namespace moescope::cuda
