#include "tests/engine/kernels/cuda/emulated_grid.h"

#include <array>

#include <gtest/gtest.h>

#include "engine/kernels/cuda/warp_ops.h"

namespace moescope::cuda {
namespace {

void onThreads(int threads, const std::function<void(EmulatedBlock&)>& body, std::int64_t sharedBytes = 0) {
    for (unsigned seed = 0; seed < 4; ++seed) {
        EmulatedThreads all(threads, sharedBytes, seed);
        all.run([&](int thread) {
            EmulatedBlock block(all, thread, 0);
            body(block);
        });
    }
}

TEST(EmulatedGrid, WarpOperations) {
    onThreads(64, [](EmulatedBlock& block) {
        EXPECT_EQ(block.shuffle(block.thread(), 5), block.warp() * 32 + 5);
        EXPECT_EQ(block.shuffleXor(block.lane(), 3), block.lane() ^ 3);
        EXPECT_EQ(block.shuffleUp(block.lane(), 2), block.lane() < 2 ? block.lane() : block.lane() - 2);
        EXPECT_EQ(block.ballot(block.lane() % 2 == 0), 0x55555555U);
        EXPECT_EQ(block.match(unsigned(block.lane() / 8)), 0xFFU << (block.lane() / 8 * 8));
        EXPECT_EQ(warpInclusiveSum(block, block.lane()), block.lane() * (block.lane() + 1) / 2);
        EXPECT_EQ(warpReduce(block, block.lane(), [](int a, int b) { return a + b; }), 496);
        EXPECT_EQ(lanesBelow(block, 0x0FU), block.lane() < 4 ? block.lane() : 4);
    });
}

TEST(EmulatedGrid, BestTakesTheLowerOfEqualExperts) {
    onThreads(32, [](EmulatedBlock& block) {
        const Candidate best = warpBest(block, {block.lane() % 7 == 3 ? 2.0F : 1.0F, block.lane()});
        EXPECT_EQ(best.expert, 3);
    });
}

TEST(EmulatedGrid, BarrierOrdersSharedMemory) {
    onThreads(
        96,
        [](EmulatedBlock& block) {
            int* shared = block.shared<int>();
            shared[block.thread()] = block.thread();
            block.sync();
            EXPECT_EQ(shared[95 - block.thread()], 95 - block.thread());
        },
        96 * sizeof(int));
}

TEST(EmulatedGrid, ReportsThreadsThatDoNotMeet) {
    const auto some = [](EmulatedBlock& block) {
        if (block.lane() < 16)
            block.ballot(true);
    };
    EXPECT_THROW(onThreads(32, some), Divergence);
    const auto different = [](EmulatedBlock& block) {
        if (block.lane() < 16)
            block.syncWarp();
        else
            block.ballot(true);
    };
    EXPECT_THROW(onThreads(32, different), Divergence);
}

} // namespace
} // namespace moescope::cuda
