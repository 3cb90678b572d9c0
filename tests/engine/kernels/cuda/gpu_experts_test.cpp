// Grouped products, recording and streaming on a GPU, against double and against what went in.
#include <cmath>
#include <functional>

#include "engine/kernels/cuda/cublas_products.h"
#include "engine/kernels/cuda/expert_layer.h"
#include "engine/kernels/cuda/layer_stream.h"
#include "engine/kernels/cuda/make_gate.h"
#include "engine/kernels/cuda/routing_ring.h"
#include "engine/routing/topk.h"
#include "tests/engine/kernels/cuda/gate_cases.h"
#include "tests/engine/kernels/cuda/naive_experts.h"
#include "tests/engine/kernels/cuda/on_gpu.h"
#include "tests/engine/kernels/cuda/random_routes.h"

namespace moescope::cuda {
namespace {

using GpuExperts = OnGpu;
using test::randomFloats;

template <class T>
std::vector<T> rounded(const std::vector<float>& values) {
    std::vector<T> result(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        store(values[i], result[i]);
    return result;
}

template <class T>
std::vector<float> widened(const std::vector<T>& values) {
    std::vector<float> result;
    for (const T v : values)
        result.push_back(toFloat(v));
    return result;
}

template <class T>
void compare(CudaDevice& device, Stream stream, Element element, int width, int inner, double tolerance,
             const std::function<DeviceMemory(const void*, std::size_t)>& upload) {
    constexpr int kExperts = 16, kTopK = 4;
    constexpr std::int64_t kTokens = 200;
    const std::vector<std::uint16_t> ids = test::randomRoutes(kExperts, kTopK, kTokens, 1);
    const std::vector<float> weights = randomFloats(ids.size(), 2);
    const std::vector<T> normed = rounded<T>(randomFloats(std::size_t(kTokens * width), 3));
    const std::vector<T> stored = rounded<T>(randomFloats(std::size_t(kExperts * 3 * width * inner), 4, 0.1F));
    std::vector<float> x = randomFloats(std::size_t(kTokens * width), 5);
    std::vector<double> want(x.begin(), x.end());
    test::NaiveExperts{width, inner, widened(stored)}.addTo(ids, weights, kTopK, widened(normed), want);

    CudaKernels kernels(device.index());
    CublasProducts products(device);
    const DeviceMemory gpuStored = upload(stored.data(), stored.size() * sizeof(T));
    const DeviceMemory gpuNormed = upload(normed.data(), normed.size() * sizeof(T));
    const DeviceMemory gpuIds = upload(ids.data(), ids.size() * 2);
    const DeviceMemory gpuWeights = upload(weights.data(), weights.size() * 4);
    const DeviceMemory gpuX = upload(x.data(), x.size() * 4);
    ExpertTable table;
    table.element = element;
    table.experts = kExperts;
    table.width = width;
    table.inner = inner;
    table.expertBytes = table.bytesOfWeights();
    table.weights = gpuStored.get<std::byte>();
    ExpertLayer layer(device, kernels, products, 300 * table.bytesOfRow());
    layer.addTo(table, {kTokens, kTopK, gpuIds.get<std::uint16_t>(), gpuWeights.get<float>()}, gpuNormed.get(),
                gpuX.get<float>(), stream);
    device.copyToHost(x.data(), gpuX.get(), x.size() * 4, stream);
    device.synchronize(stream);
    for (std::size_t i = 0; i < x.size(); ++i)
        ASSERT_NEAR(x[i], want[i], tolerance * (1 + std::fabs(want[i])));
}

TEST_F(GpuExperts, AgreeWithTheOracleInDouble) {
    const auto up = [&](const void* data, std::size_t bytes) {
        const auto* from = static_cast<const std::byte*>(data);
        return upload(std::vector<std::byte>(from, from + bytes));
    };
    compare<float>(*m_device, m_stream, Element::F32, 64, 48, 1e-4, up);
    compare<float>(*m_device, m_stream, Element::F32, 21, 13, 1e-4, up); // not aligned: one by one
    compare<HalfBits>(*m_device, m_stream, Element::F16, 64, 48, 4e-3, up);
    compare<Bf16Bits>(*m_device, m_stream, Element::BF16, 64, 48, 3e-2, up);
}

TEST_F(GpuExperts, RoutingComesThroughTheRing) {
    MoeLayerInfo layer;
    layer.moe.experts = 64;
    layer.moe.topK = 6;
    constexpr std::int64_t kTokens = 400;
    RoutingRing ring(*m_device, 3);
    std::vector<std::vector<float>> logits;
    std::size_t taken = 0;
    const auto takeOne = [&] {
        const RoutingMemory got = ring.take();
        std::vector<std::uint16_t> ids(kTokens * 6);
        std::vector<float> weights(ids.size());
        routeTopK(layer, logits[taken++], ids, weights);
        EXPECT_EQ(std::vector<std::uint16_t>(got.ids, got.ids + ids.size()), ids);
        EXPECT_EQ(std::vector<float>(got.weights, got.weights + ids.size()), weights);
        ring.giveBack();
    };
    for (unsigned l = 0; l < 12; ++l) {
        if (ring.isFull())
            takeOne();
        logits.push_back(test::gateLogits(layer.moe, kTokens, l));
        const RoutingMemory to = ring.acquire({kTokens, 64, 6}, m_stream);
        m_device->copyToDevice(to.logits, logits.back().data(), logits.back().size() * 4, m_stream);
        m_kernels.route({makeGate(layer, nullptr), kTokens, to.logits, to.ids, to.weights, to.firstBad}, m_stream);
        ring.commit(m_stream);
    }
    while (!ring.isEmpty())
        takeOne();
}

TEST_F(GpuExperts, LayersComeThroughTheStream) {
    constexpr LayerStream::Sizes kSizes{6, 5, std::size_t(1) << 20};
    LayerStream layers(*m_device, kSizes, [&](std::int32_t layer, std::int32_t part, std::byte* to) {
        std::fill(to, to + kSizes.partBytes, std::byte(layer * 16 + part));
    });
    for (int i = 0; i < 13; ++i) {
        const std::int32_t layer = i % 6;
        const std::byte* weights = layers.use(layer, m_stream);
        std::vector<std::byte> got(5 * kSizes.partBytes);
        m_device->copyToHost(got.data(), weights, got.size(), m_stream);
        m_device->synchronize(Stream(m_stream));
        for (std::size_t at = 0; at < got.size(); at += 4099)
            ASSERT_EQ(got[at], std::byte(layer * 16 + int(at / kSizes.partBytes)));
        layers.release(m_stream);
    }
}

} // namespace
} // namespace moescope::cuda
