#include "engine/routing/noisy_topk.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "engine/routing/importance_loss.h"
#include "engine/routing/squared_cv.h"
#include "engine/routing/topk.h"
#include "tests/support/golden_tensors.h"
#include "tests/support/numeric_gradient.h"

namespace moescope {
namespace {

struct Fixture {
    std::string name;
    std::int32_t experts, topK;
    nlohmann::json expected;
    std::vector<float> clean, deviation, noisy;

    NoisyLogits gate() const { return {experts, topK, clean, deviation, noisy}; }
};

std::vector<Fixture> fixtures() {
    const test::GoldenTensors tensors("metrics/shazeer.safetensors");
    std::vector<Fixture> all;
    for (const auto& f : test::goldenJson("metrics/shazeer.json")) {
        const std::string name = f.at("name");
        all.push_back({name, f.at("num_experts"), f.at("k"), f, tensors.f32("clean." + name),
                       tensors.f32("stddev." + name), tensors.f32("noisy." + name)});
    }
    return all;
}

void expectNear(const std::vector<double>& values, const std::vector<double>& expected) {
    ASSERT_EQ(values.size(), expected.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        EXPECT_NEAR(values[i], expected[i], 1e-5 * std::max(1.0, std::abs(expected[i])));
}

// Gates, importance, load and their losses as davidmrau/mixture-of-experts computes them.
TEST(NoisyTopK, AgreesWithTheReference) {
    const test::GoldenTensors tensors("metrics/shazeer.safetensors");
    for (const Fixture& f : fixtures()) {
        SCOPED_TRACE(f.name);
        const std::size_t tokens = f.clean.size() / std::size_t(f.experts);
        MoeLayerInfo layer{LayerId(0), {f.experts, f.topK}, {}};
        std::vector<std::uint16_t> ids(tokens * std::size_t(f.topK));
        std::vector<float> weights(ids.size());
        routeTopK(layer, f.noisy, ids, weights);
        const std::vector<float> gates = tensors.f32("gates." + f.name);
        for (std::size_t t = 0; t < tokens; ++t)
            for (std::size_t j = 0; j < std::size_t(f.topK); ++j) {
                const std::size_t at = t * std::size_t(f.topK) + j;
                EXPECT_NEAR(weights[at], gates[t * std::size_t(f.experts) + ids[at]], 1e-5);
            }
        RoutingBlock block{LayerId(0), 0, std::int32_t(tokens), f.topK, f.experts, ids, weights, f.clean};
        expectNear(importance(block), f.expected.at("importance"));
        EXPECT_NEAR(importanceLoss(block, 0, {}), double(f.expected.at("cv_squared_importance_population")), 1e-5);
        const std::vector<float> chance = chanceInTopK(f.gate());
        const std::vector<float> expected = tensors.f32("prob_in_top_k." + f.name);
        for (std::size_t i = 0; i < chance.size(); ++i)
            EXPECT_NEAR(chance[i], expected[i], 1e-5);
        expectNear(smoothLoad(f.gate()), f.expected.at("load"));
        EXPECT_NEAR(smoothLoadLoss(f.gate(), 0, {}, {}), double(f.expected.at("cv_squared_load_population")), 1e-5);
    }
}

TEST(NoisyTopK, SquaredCvIsThatOfThePopulation) {
    const std::vector<double> x{1, 2, 3, 6};
    EXPECT_NEAR(squaredCv(x, 0, {}), 3.5 / 9, 1e-12);
    EXPECT_EQ(squaredCv(std::vector<double>{0, 0}, 0, {}), 0);
    EXPECT_EQ(squaredCv(std::vector<double>{5, 5, 5}, 0, {}), 0);
}

// By the clean logits and by sigma, with the same normal draws: H moves with both.
TEST(NoisyTopK, LoadGradientIsThatOfDifferences) {
    const Fixture f = fixtures()[0];
    std::vector<float> normals(f.clean.size());
    for (std::size_t i = 0; i < normals.size(); ++i)
        normals[i] = (f.noisy[i] - f.clean[i]) / f.deviation[i];
    std::vector<float> variables = f.clean; // clean logits, then sigma
    variables.insert(variables.end(), f.deviation.begin(), f.deviation.end());
    const auto loss = [&](const std::vector<float>& v) {
        const std::span<const float> clean = std::span(v).first(f.clean.size());
        const std::span<const float> sigma = std::span(v).subspan(f.clean.size());
        std::vector<float> noisy(clean.begin(), clean.end());
        for (std::size_t i = 0; i < noisy.size(); ++i)
            noisy[i] += normals[i] * sigma[i];
        return smoothLoadLoss({f.experts, f.topK, clean, sigma, noisy}, 0, {}, {});
    };
    std::vector<float> gradient(variables.size());
    smoothLoadLoss(f.gate(), 1, std::span(gradient).first(f.clean.size()), std::span(gradient).subspan(f.clean.size()));
    test::expectGradient(loss, variables, gradient, 5e-3, 5e-4F); // a longer step would change who is chosen
}

TEST(NoisyTopK, NormalNumbersDependOnSeedStepAndLayer) {
    std::vector<float> a(10001), b(a.size());
    normalNumbers(1, 5, 2, a);
    normalNumbers(1, 5, 2, b);
    EXPECT_EQ(a, b);
    for (const auto& [seed, step, layer] : {std::tuple{2, 5, 2}, std::tuple{1, 6, 2}, std::tuple{1, 5, 3}}) {
        normalNumbers(std::uint64_t(seed), step, layer, b);
        EXPECT_NE(a, b);
    }
    const double mean = std::accumulate(a.begin(), a.end(), 0.0) / double(a.size());
    const double square = std::inner_product(a.begin(), a.end(), a.begin(), 0.0) / double(a.size());
    EXPECT_NEAR(mean, 0, 0.05);
    EXPECT_NEAR(square, 1, 0.05);
}

TEST(NoisyTopK, DeviationIsSoftplusOverAFloor) {
    EXPECT_NEAR(noiseDeviation(0), std::log(2.0F) + kNoiseFloor, 1e-6);
    EXPECT_NEAR(noiseDeviation(-40), kNoiseFloor, 1e-6);
    EXPECT_NEAR(noiseDeviation(50), 50 + kNoiseFloor, 1e-5);
    EXPECT_NEAR((noiseDeviation(0.51F) - noiseDeviation(0.49F)) / 0.02F, noiseDeviationSlope(0.5F), 1e-3);
}

} // namespace
} // namespace moescope
