#include "engine/kernels/cuda/make_gate.h"
#include "engine/routing/topk.h"
#include "tests/engine/kernels/cuda/gate_cases.h"
#include "tests/engine/kernels/cuda/on_gpu.h"

namespace moescope::cuda {
namespace {

using GpuRoute = OnGpu;

TEST_F(GpuRoute, HasTheBitsOfTheCpu) {
    unsigned seed = 0;
    for (const MoeLayerInfo& layer : test::gateCases()) {
        constexpr std::int64_t kTokens = 1001;
        const std::vector<float> logits = test::gateLogits(layer.moe, kTokens, ++seed);
        std::vector<std::uint16_t> ids(std::size_t(kTokens * layer.moe.topK));
        std::vector<float> weights(ids.size());
        routeTopK(layer, logits, ids, weights);

        const DeviceMemory onDevice = upload(logits);
        const DeviceMemory bias = upload(layer.selectionBias);
        const DeviceMemory gpuIds(*m_device, ids.size() * sizeof(std::uint16_t));
        const DeviceMemory gpuWeights(*m_device, ids.size() * sizeof(float));
        const DeviceMemory firstBad = upload(std::vector<std::uint64_t>{~std::uint64_t(0)});
        m_kernels.route({makeGate(layer, bias.get<float>()), kTokens, onDevice.get<float>(),
                         gpuIds.get<std::uint16_t>(), gpuWeights.get<float>(), firstBad.get<std::uint64_t>()},
                        m_stream);
        EXPECT_EQ(download<std::uint16_t>(gpuIds), ids) << test::nameOf(layer);
        EXPECT_EQ(download<float>(gpuWeights), weights) << test::nameOf(layer);
        EXPECT_EQ(download<std::uint64_t>(firstBad).front(), ~std::uint64_t(0));
    }
}

TEST_F(GpuRoute, ReportsTheFirstBadLogit) {
    MoeLayerInfo layer;
    layer.moe.experts = 64;
    layer.moe.topK = 4;
    std::vector<float> logits = test::gateLogits(layer.moe, 500, 1);
    for (const std::size_t bad : {std::size_t(31000), std::size_t(4321), std::size_t(9000)})
        logits[bad] = std::numeric_limits<float>::quiet_NaN();
    const DeviceMemory onDevice = upload(logits);
    const DeviceMemory ids(*m_device, 500 * 4 * sizeof(std::uint16_t));
    const DeviceMemory weights(*m_device, 500 * 4 * sizeof(float));
    const DeviceMemory firstBad = upload(std::vector<std::uint64_t>{~std::uint64_t(0)});
    m_kernels.route({makeGate(layer, nullptr), 500, onDevice.get<float>(), ids.get<std::uint16_t>(),
                     weights.get<float>(), firstBad.get<std::uint64_t>()},
                    m_stream);
    EXPECT_EQ(download<std::uint64_t>(firstBad).front(), 4321U);
}

} // namespace
} // namespace moescope::cuda
