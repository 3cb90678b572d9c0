// The kernels after the router on a GPU, each against the same code on the CPU.
#include "tests/engine/kernels/cuda/emulated_grid.h"
#include "tests/engine/kernels/cuda/gate_cases.h"
#include "tests/engine/kernels/cuda/naive_order.h"
#include "tests/engine/kernels/cuda/on_gpu.h"
#include "tests/engine/kernels/cuda/random_routes.h"

#include "engine/kernels/cuda/route_limiter.h"
#include "engine/routing/intervention.h"
#include "engine/routing/limit_capacity.h"
#include "engine/routing/topk.h"

namespace moescope::cuda {
namespace {

using GpuRows = OnGpu;
using test::randomFloats;

TEST_F(GpuRows, OrderIsStable) {
    for (const auto& [experts, topK, tokens] :
         {std::array<int, 3>{1, 1, 5000}, {8, 2, 65536}, {128, 8, 20000}, {512, 16, 4000}, {8, 2, 0}}) {
        const std::vector<std::uint16_t> ids = test::randomRoutes(experts, topK, tokens, unsigned(experts));
        const test::NaiveOrder expected = test::naiveOrder(ids, experts, topK);
        const DeviceMemory gpuIds = upload(ids);
        const DeviceMemory begin(*m_device, (std::size_t(experts) + 1) * sizeof(std::int32_t));
        const DeviceMemory tokenOf(*m_device, ids.size() * sizeof(std::int32_t));
        const DeviceMemory rowOf(*m_device, ids.size() * sizeof(std::int32_t));
        OrderCall call{experts,
                       topK,
                       tokens,
                       gpuIds.get<std::uint16_t>(),
                       begin.get<std::int32_t>(),
                       tokenOf.get<std::int32_t>(),
                       rowOf.get<std::int32_t>(),
                       nullptr};
        const DeviceMemory counts(*m_device, std::size_t(call.scratchCounts()) * sizeof(std::int32_t));
        call.counts = counts.get<std::int32_t>();
        m_kernels.order(call, m_stream);
        EXPECT_EQ(download<std::int32_t>(begin), expected.begin);
        EXPECT_EQ(download<std::int32_t>(rowOf), expected.rowOf);
        std::vector<std::int32_t> sorted = download<std::int32_t>(tokenOf);
        sorted.resize(expected.tokenOf.size());
        EXPECT_EQ(sorted, expected.tokenOf);
    }
}

TEST_F(GpuRows, CapacityDropsWhatTheCpuDrops) {
    MoeLayerInfo layer;
    layer.moe.experts = 64;
    layer.moe.topK = 6;
    for (const std::int64_t tokens : {3000, 65536}) {
        const std::vector<float> logits = test::gateLogits(layer.moe, tokens, 5);
        std::vector<std::uint16_t> ids(std::size_t(tokens) * 6);
        std::vector<float> weights(ids.size());
        routeTopK(layer, logits, ids, weights);
        const DeviceMemory gpuLogits = upload(logits);
        RouteLimiter limiter(*m_device, m_kernels);
        for (const OverflowPolicy policy : {OverflowPolicy::Drop, OverflowPolicy::Priority, OverflowPolicy::Prob}) {
            CapacityOptions options;
            options.factor = 1.0;
            options.policy = policy;
            options.groupTokens = tokens == 3000 ? 1024 : 1 << 20; // or the whole batch
            std::vector<std::uint16_t> cpuIds = ids;
            std::vector<float> cpuWeights = weights;
            OverflowCounts counts(layer.moe.experts);
            limitToCapacity(layer, options, logits, cpuIds, cpuWeights, counts);
            const DeviceMemory gpuIds = upload(ids);
            const DeviceMemory gpuWeights = upload(weights);
            limiter.limit(layer, options,
                          {tokens, gpuLogits.get<float>(), gpuIds.get<std::uint16_t>(), gpuWeights.get<float>()},
                          m_stream);
            EXPECT_EQ(download<std::uint16_t>(gpuIds), cpuIds);
            EXPECT_EQ(download<float>(gpuWeights), cpuWeights);
        }
    }
}

TEST_F(GpuRows, AblationLeavesWhatTheCpuLeaves) {
    MoeLayerInfo layer;
    layer.moe.experts = 128;
    layer.moe.topK = 8;
    std::vector<std::uint16_t> ids = test::randomRoutes(128, 8, 1000, 3);
    std::vector<float> weights = randomFloats(ids.size(), 4);
    for (std::size_t i = 0; i < ids.size(); ++i)
        weights[i] = ids[i] == kNoExpert ? 0.0F : weights[i];
    const DeviceMemory gpuIds = upload(ids), gpuWeights = upload(weights);
    AblateCall call{{}, 8, 1000, gpuIds.get<std::uint16_t>(), gpuWeights.get<float>()};
    Intervention intervention;
    for (std::int32_t e = 0; e < 128; e += 3) {
        call.out.add(e);
        intervention.ablated.emplace(layer.layer, e);
    }
    constrainRoutes(intervention, layer, {}, ids, weights);
    m_kernels.ablate(call, m_stream);
    EXPECT_EQ(download<std::uint16_t>(gpuIds), ids);
    EXPECT_EQ(download<float>(gpuWeights), weights);
}

TEST_F(GpuRows, GatherActivateAndCombineAgreeWithTheCpu) {
    constexpr int kExperts = 16, kTopK = 4;
    constexpr std::int64_t kTokens = 300, kWidth = 96, kInner = 80;
    const std::vector<std::uint16_t> ids = test::randomRoutes(kExperts, kTopK, kTokens, 1);
    const test::NaiveOrder order = test::naiveOrder(ids, kExperts, kTopK);
    const auto rows = std::int64_t(order.tokenOf.size());
    const std::vector<float> x = randomFloats(kTokens * kWidth, 2);
    const std::vector<float> front = randomFloats(std::size_t(rows * 2 * kInner), 3);
    const std::vector<float> weights = randomFloats(ids.size(), 4);
    const std::vector<float> bias = randomFloats(kExperts * kWidth, 5);
    const std::vector<float> results = randomFloats(std::size_t(rows * kWidth), 6);
    std::vector<float> moved(std::size_t(rows * kWidth)), inner(std::size_t(rows * kInner)), sum = x;

    GatherCall gather{rows, &order.begin.back(), order.tokenOf.data(), kWidth * 4, x.data(), moved.data()};
    ActivateCall activate{Element::F32, ExpertActivation::SwiGlu, true,    0,       kExperts,     kInner,
                          rows,         order.begin.data(),       nullptr, nullptr, front.data(), inner.data()};
    CombineCall combine{Element::F32,       kTopK,       kTokens,        kWidth,    ids.data(), weights.data(),
                        order.rowOf.data(), bias.data(), results.data(), sum.data()};
    EmulatedLauncher launcher;
    launchGather(launcher, gather);
    launchActivate(launcher, activate);
    launchCombine(launcher, combine);

    const DeviceMemory begin = upload(order.begin), tokenOf = upload(order.tokenOf), rowOf = upload(order.rowOf);
    const DeviceMemory gpuIds = upload(ids), gpuWeights = upload(weights), gpuBias = upload(bias), gpuX = upload(x);
    const DeviceMemory gpuFront = upload(front), gpuResults = upload(results), gpuSum = upload(x);
    const DeviceMemory gpuMoved(*m_device, moved.size() * 4), gpuInner(*m_device, inner.size() * 4);
    gather.rows = begin.get<std::int32_t>() + kExperts;
    gather.tokenOf = tokenOf.get<std::int32_t>();
    gather.from = gpuX.get();
    gather.to = gpuMoved.get();
    m_kernels.gather(gather, m_stream);
    EXPECT_EQ(download<float>(gpuMoved), moved);

    activate.begin = begin.get<std::int32_t>();
    activate.front = gpuFront.get();
    activate.out = gpuInner.get();
    m_kernels.activate(activate, m_stream);
    const std::vector<float> activated = download<float>(gpuInner);
    for (std::size_t i = 0; i < inner.size(); ++i)
        ASSERT_NEAR(activated[i], inner[i], 1e-5F);

    combine.ids = gpuIds.get<std::uint16_t>();
    combine.weights = gpuWeights.get<float>();
    combine.rowOf = rowOf.get<std::int32_t>();
    combine.bias = gpuBias.get<float>();
    combine.rows = gpuResults.get();
    combine.x = gpuSum.get<float>();
    m_kernels.combine(combine, m_stream);
    const std::vector<float> combined = download<float>(gpuSum);
    for (std::size_t i = 0; i < sum.size(); ++i)
        ASSERT_NEAR(combined[i], sum[i], 1e-5F);
}

} // namespace
} // namespace moescope::cuda
