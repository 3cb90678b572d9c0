// A DeviceBackend on a device whose streams run late and in any order that events allow.
#include <gtest/gtest.h>

#include "engine/routing/topk.h"
#include "tests/engine/kernels/cuda/gate_cases.h"
#include "tests/engine/model/fake_backend.h"

namespace moescope {
namespace {

constexpr std::int64_t kTokens = 45;

struct Step {
    MoeLayerInfo layer;
    Intervention intervention;
    std::vector<float> logits;
};

// Layers one after the other, each under another intervention than the one before: biases of every size, experts taken
// out, capacities that need more scratch than the last.
std::vector<Step> steps(unsigned seed) {
    std::vector<Step> all;
    for (unsigned i = 0; i < 14; ++i) {
        Step step;
        step.layer.layer = LayerId(std::int32_t(i % 3));
        step.layer.moe.experts = 8;
        step.layer.moe.topK = 1 + std::int32_t(i % 4);
        step.layer.moe.score = ScoreFunction::Sigmoid;
        if (i % 3 == 1)
            step.layer.selectionBias.assign(8, 0.0F);
        if (i % 2 == 0)
            for (int e = 0; e < 8; ++e)
                step.intervention.bias[step.layer.layer].push_back(float(e * int(i)) / 40.0F);
        if (i % 5 < 2)
            step.intervention.ablated = {{step.layer.layer, std::int32_t(i % 8)}};
        if (i % 3 != 0)
            step.intervention.capacity =
                CapacityOptions{.factor = 0.8,
                                .policy = i % 3 == 1 ? OverflowPolicy::Prob : OverflowPolicy::Priority,
                                .groupTokens = 20 + std::int32_t(i)};
        step.logits = test::gateLogits(step.layer.moe, kTokens, seed * 100 + i);
        all.push_back(step);
    }
    return all;
}

void expectRoutesOf(const Step& step, const BatchRouting& got) {
    const MoeLayerInfo gate = intervenedGate(step.intervention, step.layer);
    std::vector<std::uint16_t> ids(std::size_t(kTokens * gate.moe.topK));
    std::vector<float> weights(ids.size());
    routeTopK(gate, step.logits, ids, weights);
    constrainRoutes(step.intervention, gate, step.logits, ids, weights);
    EXPECT_EQ(got.logits, step.logits);
    EXPECT_EQ(got.ids, ids);
    EXPECT_EQ(got.weights, weights);
}

TEST(DeviceOrder, RoutesLeftForLaterAreThoseOfTheirOwnLayerAndIntervention) {
    for (unsigned seed = 0; seed < 4; ++seed) {
        auto owned = std::make_unique<cuda::FakeDevice>(seed);
        cuda::FakeDevice& device = *owned;
        const cuda::Stream stream = device.createStream();
        auto kernels = std::make_unique<cuda::EmulatedKernels>(device);
        auto products = std::make_unique<cuda::NaiveProducts>(device);
        DeviceBackend backend({std::move(owned), std::move(kernels), std::move(products), [stream] { return stream; }});
        const std::vector<Step> all = steps(seed);
        BatchRouting routing;
        routing.mayDefer = true;
        std::size_t fetched = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const MoeLayerInfo gate = intervenedGate(all[i].intervention, all[i].layer);
            routing.intervention = &all[i].intervention;
            const at::Tensor logits_TE = backend.beginRouting(gate, kTokens, at::TensorOptions());
            device.copyToDevice(logits_TE.data_ptr(), all[i].logits.data(), all[i].logits.size() * 4, stream);
            backend.route(gate, routing);
            EXPECT_TRUE(routing.isDeferred);
            if (i + 1 - fetched == std::size_t(DeviceBackend::kSlots)) {
                backend.fetch(routing);
                expectRoutesOf(all[fetched++], routing);
            }
        }
        while (fetched < all.size()) {
            backend.fetch(routing);
            expectRoutesOf(all[fetched++], routing);
        }
    }
}

} // namespace
} // namespace moescope
