#include "engine/kernels/cuda/limit_rows.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/kernels/cuda/make_gate.h"
#include "engine/routing/limit_capacity.h"
#include "engine/routing/topk.h"
#include "tests/engine/kernels/cuda/emulated_grid.h"
#include "tests/engine/kernels/cuda/gate_cases.h"

namespace moescope::cuda {
namespace {

constexpr std::int64_t kTokens = 150;

struct Routes {
    std::vector<std::uint16_t> ids;
    std::vector<float> weights;
};

MoeLayerInfo gateOf(int experts, int topK, ScoreFunction score) {
    MoeLayerInfo layer;
    layer.moe.experts = experts;
    layer.moe.topK = topK;
    layer.moe.score = score;
    return layer;
}

void compare(const MoeLayerInfo& layer, const CapacityOptions& options, QueueOrder order, unsigned seed) {
    std::vector<float> logits = test::gateLogits(layer.moe, kTokens, seed);
    for (float& l : logits)
        l = std::round(l * 2) / 2; // equal probs
    Routes cpu{std::vector<std::uint16_t>(std::size_t(kTokens * layer.moe.topK)), {}};
    cpu.weights.resize(cpu.ids.size());
    routeTopK(layer, logits, cpu.ids, cpu.weights);
    for (std::size_t i = 0; i < cpu.ids.size(); i += 13 * std::size_t(layer.moe.topK)) { // some have an empty slot
        cpu.ids[i + std::size_t(layer.moe.topK) - 1] = kNoExpert;
        cpu.weights[i + std::size_t(layer.moe.topK) - 1] = 0;
    }
    Routes gpu = cpu;
    OverflowCounts counts(layer.moe.experts);
    limitToCapacity(layer, options, logits, cpu.ids, cpu.weights, counts);

    const std::int64_t last = (kTokens - 1) % options.groupTokens + 1;
    std::vector<std::uint16_t> before = gpu.ids;
    std::vector<std::uint16_t> served(gpu.ids.size());
    std::vector<float> probs(gpu.ids.size()), values(std::size_t{kTokens});
    std::vector<std::int32_t> sorted(gpu.ids.size());
    const auto capacity = [&](std::int64_t n) { return capacityOf(options, n, layer.moe.topK, layer.moe.experts); };
    EmulatedLauncher launcher(seed);
    launchLimit(launcher, {makeGate(layer, nullptr), order, kTokens, options.groupTokens, capacity(options.groupTokens),
                           capacity(last), logits.data(), gpu.ids.data(), gpu.weights.data(), served.data(),
                           probs.data(), values.data(), sorted.data()});
    EXPECT_EQ(gpu.ids, cpu.ids) << test::nameOf(layer) << " order " << int(order);
    EXPECT_EQ(gpu.weights, cpu.weights) << test::nameOf(layer) << " order " << int(order);
    OverflowCounts onGpu(layer.moe.experts);
    onGpu.add(before, served);
    EXPECT_EQ(onGpu.dropped, counts.dropped);
    EXPECT_EQ(onGpu.kept, counts.kept);
}

TEST(CudaLimitRows, DropsWhatTheCpuDrops) {
    unsigned seed = 0;
    for (const auto& layer : {gateOf(8, 2, ScoreFunction::Softmax), gateOf(1, 1, ScoreFunction::Softmax),
                              gateOf(60, 4, ScoreFunction::SoftmaxOverChosen), gateOf(64, 6, ScoreFunction::Sigmoid),
                              gateOf(256, 8, ScoreFunction::Sigmoid), gateOf(512, 16, ScoreFunction::Softmax)})
        for (const std::int32_t group : {17, 64, 1024}) {
            CapacityOptions options;
            options.groupTokens = group;
            options.factor = seed % 2 == 0 ? 1.0 : 0.5;
            compare(layer, options, QueueOrder::Slots, ++seed);
            options.policy = OverflowPolicy::Priority;
            compare(layer, options, QueueOrder::Tokens, ++seed);
            options.policy = OverflowPolicy::Prob;
            compare(layer, options, QueueOrder::Choices, ++seed);
        }
}

} // namespace
} // namespace moescope::cuda
