#include "engine/kernels/cuda/ablate_rows.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "engine/routing/intervention.h"
#include "tests/engine/kernels/cuda/emulated_grid.h"
#include "tests/engine/kernels/cuda/random_routes.h"

namespace moescope::cuda {
namespace {

void compare(int experts, int topK, const std::vector<std::int32_t>& out, unsigned seed) {
    constexpr std::int64_t kTokens = 150;
    MoeLayerInfo gate;
    gate.layer = LayerId(3);
    gate.moe.experts = experts;
    gate.moe.topK = topK;
    std::vector<std::uint16_t> ids = test::randomRoutes(experts, topK, kTokens, seed); // some slots are empty
    std::vector<float> weights = test::randomFloats(ids.size(), seed);
    for (std::size_t i = 0; i < ids.size(); ++i)
        weights[i] = ids[i] == kNoExpert ? 0.0F : weights[i];
    std::vector<std::uint16_t> gpuIds = ids;
    std::vector<float> gpuWeights = weights;

    Intervention intervention;
    AblateCall call{{}, topK, kTokens, gpuIds.data(), gpuWeights.data()};
    for (const std::int32_t expert : out) {
        intervention.ablated.emplace(gate.layer, expert);
        intervention.ablated.emplace(LayerId(4), experts - 1); // of another layer
        call.out.add(expert);
    }
    constrainRoutes(intervention, gate, {}, ids, weights);
    EmulatedLauncher launcher(seed);
    launcher.run<AblateRows>(call);
    EXPECT_EQ(gpuIds, ids) << out.size() << " of " << experts << " experts, top-" << topK;
    EXPECT_EQ(gpuWeights, weights) << out.size() << " of " << experts << " experts, top-" << topK;
}

TEST(CudaAblateRows, LeavesWhatTheCpuLeaves) {
    unsigned seed = 0;
    for (const int experts : {1, 8, 33, 64, 512})
        for (int topK = 1; topK <= std::min(experts, 16); ++topK) {
            compare(experts, topK, {}, ++seed);
            compare(experts, topK, {0}, ++seed);
            compare(experts, topK, {experts - 1, experts / 2}, ++seed);
            std::vector<std::int32_t> all(static_cast<std::size_t>(experts));
            std::iota(all.begin(), all.end(), 0);
            compare(experts, topK, all, ++seed);
            std::vector<std::int32_t> odd;
            std::copy_if(all.begin(), all.end(), std::back_inserter(odd), [](std::int32_t e) { return e % 2 == 1; });
            compare(experts, topK, odd, ++seed);
        }
}

} // namespace
} // namespace moescope::cuda
