#include "engine/kernels/cuda/route_tokens.h"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "engine/kernels/cuda/make_gate.h"
#include "engine/routing/error.h"
#include "engine/routing/topk.h"
#include "tests/engine/kernels/cuda/emulated_grid.h"
#include "tests/engine/kernels/cuda/gate_cases.h"
#include "tests/support/naive_topk.h"

namespace moescope::cuda {
namespace {

constexpr std::uint64_t kNoneBad = ~std::uint64_t(0);

struct EmulatedRoutes {
    std::vector<std::uint16_t> ids;
    std::vector<float> weights;
    std::uint64_t firstBad = kNoneBad;
};

EmulatedRoutes emulate(const MoeLayerInfo& layer, const std::vector<float>& logits) {
    const std::size_t tokens = logits.size() / std::size_t(layer.moe.experts);
    EmulatedRoutes routes;
    routes.ids.resize(tokens * std::size_t(layer.moe.topK));
    routes.weights.resize(routes.ids.size());
    const Gate gate = makeGate(layer, layer.selectionBias.empty() ? nullptr : layer.selectionBias.data());
    EmulatedLauncher launcher{unsigned(tokens)};
    launchRoute(launcher, {gate, std::int64_t(tokens), logits.data(), routes.ids.data(), routes.weights.data(),
                           &routes.firstBad});
    return routes;
}

void expectSameBits(const MoeLayerInfo& layer, const std::vector<float>& logits) {
    const EmulatedRoutes routes = emulate(layer, logits);
    std::vector<std::uint16_t> ids(routes.ids.size());
    std::vector<float> weights(ids.size());
    routeTopK(layer, logits, ids, weights);
    EXPECT_EQ(routes.ids, ids) << test::nameOf(layer);
    for (std::size_t i = 0; i < weights.size(); ++i)
        ASSERT_EQ(__builtin_bit_cast(std::uint32_t, routes.weights[i]), __builtin_bit_cast(std::uint32_t, weights[i]))
            << test::nameOf(layer) << " slot " << i << ": " << routes.weights[i] << " and " << weights[i];
    EXPECT_EQ(routes.firstBad, kNoneBad);
}

TEST(CudaRouteTokens, HasTheBitsOfTheCpu) {
    unsigned seed = 0;
    for (const MoeLayerInfo& layer : test::gateCases())
        expectSameBits(layer, test::gateLogits(layer.moe, layer.moe.experts > 64 ? 1 : 5, ++seed)); // 5: two blocks
}

TEST(CudaRouteTokens, TiesGoToTheLowerExpert) {
    unsigned seed = 100;
    for (const MoeLayerInfo& layer : test::gateCases()) {
        std::vector<float> logits = test::gateLogits(layer.moe, 1, ++seed);
        for (float& l : logits)
            l = std::round(l); // many equal ones
        expectSameBits(layer, logits);
        if (layer.moe.experts <= 64)
            expectSameBits(layer, std::vector<float>(logits.size(), 0.25F));
    }
}

TEST(CudaRouteTokens, ExpertsThatAreOutAreNotChosen) {
    unsigned seed = 200;
    for (const MoeLayerInfo& layer : test::gateCases()) {
        std::vector<float> logits = test::gateLogits(layer.moe, 2, ++seed);
        std::mt19937 random(seed);
        for (std::size_t i = 0; i < logits.size(); ++i)
            if (i / std::size_t(layer.moe.experts) == 0 || random() % 3 == 0) // all of the first token's
                logits[i] = -std::numeric_limits<float>::infinity();
        expectSameBits(layer, logits);
    }
}

TEST(CudaRouteTokens, AgreesWithTheOracleInDouble) {
    unsigned seed = 300;
    for (const MoeLayerInfo& layer : test::gateCases()) {
        if (layer.moe.score == ScoreFunction::SparseMixer)
            continue;
        const auto experts = std::size_t(layer.moe.experts);
        const auto k = std::size_t(layer.moe.topK);
        const std::vector<float> logits = test::gateLogits(layer.moe, 1, ++seed);
        const EmulatedRoutes routes = emulate(layer, logits);
        for (std::size_t t = 0; t < 1; ++t) {
            const auto route = test::naiveTopK(layer, std::span(logits).subspan(t * experts, experts));
            for (std::size_t slot = 0; slot < k; ++slot) {
                EXPECT_EQ(int(routes.ids[t * k + slot]), route[slot].first) << test::nameOf(layer);
                EXPECT_NEAR(double(routes.weights[t * k + slot]), route[slot].second, 1e-5) << test::nameOf(layer);
            }
        }
    }
}

TEST(CudaRouteTokens, ReportsTheFirstBadLogitAndEmptiesItsToken) {
    MoeLayerInfo layer;
    layer.moe.experts = 40;
    layer.moe.topK = 3;
    std::vector<float> logits = test::gateLogits(layer.moe, 9, 1);
    logits[7 * 40 + 1] = std::numeric_limits<float>::infinity();
    logits[4 * 40 + 39] = std::nanf("");
    logits[4 * 40 + 33] = std::nanf("");
    const EmulatedRoutes routes = emulate(layer, logits);
    EXPECT_EQ(routes.firstBad, 4U * 40 + 33);
    for (std::size_t i = 0; i < routes.ids.size(); ++i) {
        const bool bad = i / 3 == 4 || i / 3 == 7;
        EXPECT_EQ(routes.ids[i] == kNoExpert, bad);
        EXPECT_EQ(routes.weights[i] == 0.0F, bad);
    }
    try {
        reportBadLogit(LayerId(3), 40, routes.firstBad);
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("token 4, expert 33"), std::string::npos) << error.what();
    }
}

TEST(CudaRouteTokens, RefusesGatesTheKernelsCannotHold) {
    MoeLayerInfo layer;
    layer.moe.experts = 513;
    layer.moe.topK = 2;
    EXPECT_THROW(makeGate(layer, nullptr), Error);
    layer.moe.experts = 8;
    layer.moe.topK = 9;
    EXPECT_THROW(makeGate(layer, nullptr), Error);
}

} // namespace
} // namespace moescope::cuda
