#include "engine/kernels/cuda/routing_ring.h"

#include <thread>

#include <gtest/gtest.h>

#include "tests/engine/kernels/cuda/fake_device.h"

namespace moescope::cuda {
namespace {

// A kernel that writes what only layer `layer` would.
void route(FakeDevice& device, const RoutingMemory& to, int layer, Stream stream) {
    device.enqueue(stream, [to, layer] {
        EXPECT_EQ(*to.firstBad, ~std::uint64_t(0));
        for (std::int64_t i = 0; i < to.shape.tokens * to.shape.experts; ++i)
            to.logits[i] = float(layer * 1000 + i);
        for (std::int64_t i = 0; i < to.shape.tokens * to.shape.topK; ++i) {
            to.weights[i] = float(layer) + 0.5F;
            to.ids[i] = std::uint16_t(layer + i);
        }
    });
}

void expectLayer(const RoutingMemory& got, int layer) {
    ASSERT_EQ(got.shape.tokens, 3 + layer % 4);
    for (std::int64_t i = 0; i < got.shape.tokens * got.shape.experts; ++i)
        ASSERT_EQ(got.logits[i], float(layer * 1000 + i));
    for (std::int64_t i = 0; i < got.shape.tokens * got.shape.topK; ++i) {
        ASSERT_EQ(got.weights[i], float(layer) + 0.5F);
        ASSERT_EQ(got.ids[i], std::uint16_t(layer + i));
    }
    ASSERT_EQ(*got.firstBad, ~std::uint64_t(0));
}

RoutingShape shapeOf(int layer) {
    return {3 + layer % 4, 5, 2};
}

TEST(CudaRoutingRing, OneThreadComputesAndRecords) {
    for (unsigned seed = 0; seed < 50; ++seed) {
        FakeDevice device(seed);
        {
            const OwnedStream compute(device);
            RoutingRing ring(device, 3);
            int taken = 0;
            for (int layer = 0; layer < 20; ++layer) {
                if (ring.isFull()) {
                    expectLayer(ring.take(), taken++);
                    ring.giveBack();
                }
                route(device, ring.acquire(shapeOf(layer), compute), layer, compute);
                ring.commit(compute);
            }
            for (; !ring.isEmpty(); ring.giveBack())
                expectLayer(ring.take(), taken++);
            EXPECT_EQ(taken, 20);
        }
        EXPECT_TRUE(device.isClean());
    }
}

TEST(CudaRoutingRing, ComputingNeverWaitsWhileThereAreSlots) {
    FakeDevice device(1);
    const OwnedStream compute(device);
    RoutingRing ring(device, 4);
    const int before = device.hostWaits();
    for (int layer = 0; layer < 4; ++layer) {
        route(device, ring.acquire(shapeOf(layer), compute), layer, compute);
        ring.commit(compute);
    }
    EXPECT_EQ(device.hostWaits(), before);
    EXPECT_TRUE(ring.isFull());
    ring.clear();
    EXPECT_TRUE(ring.isEmpty());
}

TEST(CudaRoutingRing, AnotherThreadRecordsUntilTheRingIsClosed) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        FakeDevice device(seed);
        const OwnedStream compute(device);
        RoutingRing ring(device, 2);
        int taken = 0;
        std::thread recorder([&] {
            for (;; ring.giveBack()) {
                const RoutingMemory got = ring.take();
                if (got.shape.tokens == 0)
                    return;
                expectLayer(got, taken++);
            }
        });
        for (int layer = 0; layer < 40; ++layer) {
            route(device, ring.acquire(shapeOf(layer), compute), layer, compute);
            ring.commit(compute);
        }
        ring.close();
        recorder.join();
        EXPECT_EQ(taken, 40);
    }
}

} // namespace
} // namespace moescope::cuda
