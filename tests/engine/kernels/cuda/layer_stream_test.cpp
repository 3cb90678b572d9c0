#include "engine/kernels/cuda/layer_stream.h"

#include <atomic>

#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "tests/engine/kernels/cuda/fake_device.h"

namespace moescope::cuda {
namespace {

constexpr LayerStream::Sizes kSizes{5, 3, 64};

std::byte valueOf(std::int32_t layer, std::int32_t part) {
    return std::byte(layer * 16 + part);
}

void fillPart(std::int32_t layer, std::int32_t part, std::byte* to) {
    std::fill(to, to + kSizes.partBytes, valueOf(layer, part));
}

// A kernel that reads the layer's weights when it runs.
void compute(FakeDevice& device, const std::byte* weights, std::int32_t layer, Stream stream) {
    device.enqueue(stream, [=] {
        for (std::size_t i = 0; i < std::size_t(kSizes.parts) * kSizes.partBytes; ++i)
            ASSERT_EQ(weights[i], valueOf(layer, std::int32_t(i / kSizes.partBytes))) << "layer " << layer;
    });
}

TEST(CudaLayerStream, EveryLayerIsThereWhenItIsComputedWith) {
    for (unsigned seed = 0; seed < 40; ++seed) {
        FakeDevice device(seed);
        {
            const OwnedStream stream(device);
            LayerStream layers(device, kSizes, fillPart);
            for (const std::int32_t layer : {0, 1, 2, 3, 4, 0, 1, 2, 2, 4, 1, 0}) { // in order, again, and not
                compute(device, layers.use(layer, stream), layer, stream);
                layers.release(stream);
            }
            device.synchronize(Stream(stream));
            EXPECT_LE(device.largestBytes(), 2 * std::size_t(kSizes.parts) * kSizes.partBytes);
        }
        EXPECT_TRUE(device.isClean());
    }
}

TEST(CudaLayerStream, FetchesTheNextLayerMeanwhile) {
    FakeDevice device(3);
    const OwnedStream stream(device);
    std::atomic<int> largest = -1;
    LayerStream layers(device, kSizes, [&](std::int32_t layer, std::int32_t part, std::byte* to) {
        fillPart(layer, part, to);
        largest = std::max(largest.load(), int(layer));
    });
    compute(device, layers.use(0, stream), 0, stream);
    for (int i = 0; i < 5000 && largest < 1; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_EQ(largest, 1); // without having been asked for
    layers.release(stream);
    device.synchronize(Stream(stream));
}

TEST(CudaLayerStream, WhatFillingThrowsComesOutWhereTheLayerIsUsed) {
    FakeDevice device(4);
    const OwnedStream stream(device);
    std::atomic<bool> broken = true;
    LayerStream layers(device, kSizes, [&](std::int32_t layer, std::int32_t part, std::byte* to) {
        if (layer == 1 && broken)
            throw Error(ErrorCode::Corruption, "layer 1 holds NaN");
        fillPart(layer, part, to);
    });
    compute(device, layers.use(0, stream), 0, stream);
    layers.release(stream);
    EXPECT_THROW(layers.use(1, stream), Error);
    broken = false;
    compute(device, layers.use(1, stream), 1, stream);
    layers.release(stream);
    device.synchronize(Stream(stream));
}

} // namespace
} // namespace moescope::cuda
