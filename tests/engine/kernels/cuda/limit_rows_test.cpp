#include "engine/kernels/cuda/limit_rows.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/kernels/cuda/route_limiter.h"
#include "engine/routing/limit_capacity.h"
#include "engine/routing/topk.h"
#include "tests/engine/kernels/cuda/emulated_kernels.h"
#include "tests/engine/kernels/cuda/gate_cases.h"

namespace moescope::cuda {
namespace {

constexpr std::int64_t kTokens = 150;

// Keeps the call, whose scratch tells who served which choice.
class RecordingKernels final : public EmulatedKernels {
public:
    RecordingKernels(FakeDevice& device, LimitCall& last) : EmulatedKernels(device), m_last(last) {}
    void limit(const LimitCall& call, Stream stream) override {
        m_last = call;
        EmulatedKernels::limit(call, stream);
    }

private:
    LimitCall& m_last;
};

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

void compare(const MoeLayerInfo& layer, const CapacityOptions& options, unsigned seed, std::int64_t tokens = kTokens) {
    std::vector<float> logits = test::gateLogits(layer.moe, tokens, seed);
    for (float& l : logits)
        l = std::round(l * 2) / 2; // equal probs
    Routes cpu{std::vector<std::uint16_t>(std::size_t(tokens * layer.moe.topK)), {}};
    cpu.weights.resize(cpu.ids.size());
    routeTopK(layer, logits, cpu.ids, cpu.weights);
    for (std::size_t i = 0; i < cpu.ids.size(); i += 13 * std::size_t(layer.moe.topK)) { // some have an empty slot
        cpu.ids[i + std::size_t(layer.moe.topK) - 1] = kNoExpert;
        cpu.weights[i + std::size_t(layer.moe.topK) - 1] = 0;
    }
    Routes gpu = cpu;
    OverflowCounts counts(layer.moe.experts);
    limitToCapacity(layer, options, logits, cpu.ids, cpu.weights, counts);

    LimitCall call;
    FakeDevice device(seed);
    RecordingKernels kernels(device, call);
    const OwnedStream stream(device);
    RouteLimiter limiter(device, kernels);
    const std::vector<std::uint16_t> before = gpu.ids;
    limiter.limit(layer, options, {tokens, logits.data(), gpu.ids.data(), gpu.weights.data()}, stream);
    device.synchronize(Stream(stream));
    EXPECT_EQ(gpu.ids, cpu.ids) << test::nameOf(layer) << " policy " << nameOf(options.policy);
    EXPECT_EQ(gpu.weights, cpu.weights) << test::nameOf(layer) << " policy " << nameOf(options.policy);
    OverflowCounts onGpu(layer.moe.experts);
    onGpu.add(before, {call.served, before.size()});
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
            compare(layer, options, ++seed);
            options.policy = OverflowPolicy::Priority;
            compare(layer, options, ++seed);
            options.policy = OverflowPolicy::Prob;
            compare(layer, options, ++seed);
        }
}

// A batch's choices are more than the sort counts at once, whatever the group size says.
TEST(CudaLimitRows, AGroupMayBeTheWholeBatch) {
    CapacityOptions options;
    options.groupTokens = 1 << 30;
    for (const OverflowPolicy policy : {OverflowPolicy::Drop, OverflowPolicy::Priority, OverflowPolicy::Prob}) {
        options.policy = policy;
        options.fixed = 60;
        compare(gateOf(16, 4, ScoreFunction::Softmax), options, 5, 500);
        options.fixed = 0;
        compare(gateOf(16, 4, ScoreFunction::Sigmoid), options, 6, 129);
        options.fixed = std::int64_t(1) << 40;
        compare(gateOf(16, 4, ScoreFunction::SparseMixer), options, 7, 129);
    }
}

} // namespace
} // namespace moescope::cuda
