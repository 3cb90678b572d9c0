#include "engine/kernels/cuda/expert_layer.h"

#include <gtest/gtest.h>

#include "engine/kernels/cuda/layer_stream.h"
#include "engine/kernels/cuda/routing_ring.h"
#include "tests/engine/kernels/cuda/emulated_kernels.h"
#include "tests/engine/kernels/cuda/naive_experts.h"
#include "tests/engine/kernels/cuda/random_routes.h"
#include "tests/engine/kernels/cuda/rounded.h"

namespace moescope::cuda {
namespace {

using test::randomFloats;
using test::rounded;

template <class T>
std::vector<float> widened(const std::vector<T>& values) {
    std::vector<float> result;
    for (const T v : values)
        result.push_back(toFloat(v));
    return result;
}

struct Case {
    int experts, topK;
    std::int64_t tokens;
    int width, inner;
    std::int64_t mostRows; // of a piece
};

// Random experts and routes on a fake device whose streams run as late as they may.
template <class T>
void compare(Element element, const Case& c, unsigned seed, double tolerance) {
    const std::vector<std::uint16_t> ids = test::randomRoutes(c.experts, c.topK, c.tokens, seed);
    const std::vector<float> weights = randomFloats(ids.size(), seed + 1);
    const std::vector<T> normed = rounded<T>(randomFloats(std::size_t(c.tokens * c.width), seed + 2));
    const std::vector<T> stored =
        rounded<T>(randomFloats(std::size_t(c.experts * 3 * c.width * c.inner), seed + 3, 0.3F));
    std::vector<float> x = randomFloats(std::size_t(c.tokens * c.width), seed + 4);
    std::vector<double> want(x.begin(), x.end());
    test::NaiveExperts{c.width, c.inner, widened(stored)}.addTo(ids, weights, c.topK, widened(normed), want);

    FakeDevice device(seed);
    {
        EmulatedKernels kernels(device);
        NaiveProducts products(device);
        const OwnedStream stream(device);
        ExpertTable table;
        table.element = element;
        table.experts = c.experts;
        table.width = c.width;
        table.inner = c.inner;
        table.expertBytes = table.bytesOfWeights();
        table.weights = reinterpret_cast<const std::byte*>(stored.data());
        ExpertLayer layer(device, kernels, products, c.mostRows * table.bytesOfRow());
        layer.addTo(table, {c.tokens, c.topK, ids.data(), weights.data()}, normed.data(), x.data(), stream);
        device.synchronize(Stream(stream));
    }
    EXPECT_TRUE(device.isClean());
    for (std::size_t i = 0; i < x.size(); ++i)
        ASSERT_NEAR(x[i], want[i], tolerance * (1 + std::fabs(want[i]))) << c.experts << " experts";
}

TEST(CudaExpertLayer, AgreesWithTheOracleInDouble) {
    unsigned seed = 0;
    for (const Case& c : {Case{1, 1, 3, 4, 6, 1000}, Case{8, 2, 40, 16, 8, 1000}, Case{8, 2, 40, 5, 7, 16},
                          Case{64, 6, 20, 8, 4, 50}, Case{512, 16, 6, 4, 2, 1000}, Case{16, 4, 0, 8, 8, 100}}) {
        compare<float>(Element::F32, c, ++seed, 1e-5);
        compare<HalfBits>(Element::F16, c, ++seed, 4e-3);
        compare<Bf16Bits>(Element::BF16, c, ++seed, 3e-2);
    }
}

TEST(CudaExpertProducts, LeavesOutExpertsWithoutRowsAndSeesAlignment) {
    alignas(16) std::array<float, 64> memory{};
    const std::vector<ExpertProduct> products{{2, 8, 4, memory.data(), memory.data() + 16, memory.data() + 32},
                                              {0, 8, 4, nullptr, nullptr, nullptr},
                                              {1, 8, 4, memory.data() + 8, memory.data() + 16, memory.data() + 48}};
    const GroupedArguments good(products);
    ASSERT_EQ(good.size(), 2U);
    EXPECT_EQ(good.n, (std::vector<int>{2, 1}));
    EXPECT_EQ(good.m, (std::vector<int>{8, 8}));
    EXPECT_TRUE(good.isAligned(Element::F32));
    EXPECT_FALSE(good.isAligned(Element::F16)); // columns of 8 bytes
    std::vector<ExpertProduct> shifted = products;
    shifted[0].x = memory.data() + 1;
    EXPECT_FALSE(GroupedArguments(shifted).isAligned(Element::F32));
}

// A whole pass as the engine makes it: the router writes into the ring, experts come through the stream of layers, and
// routing is taken while later layers are under way.
TEST(CudaExpertLayer, ALayerAfterTheOtherWithRingAndStream) {
    constexpr int kLayers = 6, kExperts = 8, kTopK = 2, kWidth = 8, kInner = 4;
    constexpr std::int64_t kTokens = 12;
    Gate gate;
    gate.experts = kExperts;
    gate.topK = kTopK;
    for (unsigned seed = 0; seed < 6; ++seed) {
        std::vector<test::NaiveExperts> models;
        std::vector<std::vector<float>> logits;
        for (unsigned l = 0; l < kLayers; ++l) {
            models.push_back({kWidth, kInner, randomFloats(kExperts * 3 * kWidth * kInner, 50 * seed + l, 0.3F)});
            logits.push_back(randomFloats(kTokens * kExperts, 50 * seed + 20 + l));
        }
        const std::vector<float> normed = randomFloats(kTokens * kWidth, seed);
        std::vector<float> x(normed.size());
        std::vector<double> want(normed.size());

        FakeDevice device(seed);
        EmulatedKernels kernels(device);
        NaiveProducts products(device);
        const OwnedStream stream(device);
        RoutingRing ring(device, 2);
        ExpertLayer experts(device, kernels, products);
        const std::size_t partBytes = models[0].perExpert() * sizeof(float);
        LayerStream layers(
            device, {kLayers, kExperts, partBytes}, [&](std::int32_t layer, std::int32_t part, std::byte* to) {
                const float* from = models[std::size_t(layer)].weights.data() + std::size_t(part) * partBytes / 4;
                std::memcpy(to, from, partBytes);
            });
        ExpertTable table;
        table.experts = kExperts;
        table.width = kWidth;
        table.inner = kInner;
        table.expertBytes = std::int64_t(partBytes);
        std::size_t taken = 0;
        const auto takeOne = [&] {
            const RoutingMemory got = ring.take();
            const std::size_t n = std::size_t(got.shape.tokens * got.shape.topK);
            EXPECT_EQ(std::vector<float>(got.logits, got.logits + kTokens * kExperts), logits[taken]);
            models[taken].addTo({got.ids, got.ids + n}, {got.weights, got.weights + n}, kTopK, normed, want);
            ++taken;
            ring.giveBack();
        };
        for (std::int32_t l = 0; l < kLayers; ++l) {
            if (ring.isFull())
                takeOne();
            const RoutingMemory routing = ring.acquire({kTokens, kExperts, kTopK}, stream);
            device.copyToDevice(routing.logits, logits[std::size_t(l)].data(), kTokens * kExperts * 4, stream);
            kernels.route({gate, kTokens, routing.logits, routing.ids, routing.weights, routing.firstBad}, stream);
            ring.commit(stream);
            table.weights = layers.use(l, stream);
            experts.addTo(table, {kTokens, kTopK, routing.ids, routing.weights}, normed.data(), x.data(), stream);
            layers.release(stream);
        }
        while (!ring.isEmpty())
            takeOne();
        device.synchronize(Stream(stream));
        for (std::size_t i = 0; i < x.size(); ++i)
            ASSERT_NEAR(x[i], want[i], 1e-4 * (1 + std::fabs(want[i])));
    }
}

} // namespace
} // namespace moescope::cuda
