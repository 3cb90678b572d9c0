// Balancing losses: values of other people's implementations, gradients of differences.
#include <cmath>
#include <functional>
#include <random>

#include <gtest/gtest.h>

#include "engine/routing/gate_gradient.h"
#include "engine/routing/gshard_loss.h"
#include "engine/routing/importance_loss.h"
#include "engine/routing/sequence_balance.h"
#include "engine/routing/switch_loss.h"
#include "engine/routing/topk.h"
#include "engine/routing/topk_aux_loss.h"
#include "engine/routing/z_loss.h"
#include "tests/support/golden_tensors.h"
#include "tests/support/numeric_gradient.h"

namespace moescope {
namespace {

// A batch routed by plain top-k.
struct Batch {
    Batch(std::vector<float> given, std::int32_t expertCount, std::int32_t k)
        : logits(std::move(given)), layer{LayerId(0), {expertCount, k}, {}},
          ids(logits.size() / std::size_t(expertCount) * std::size_t(k)), weights(ids.size()) {
        routeTopK(layer, logits, ids, weights);
    }
    RoutingBlock block(std::span<const float> other) const {
        const std::int32_t tokens = std::int32_t(ids.size()) / layer.moe.topK;
        return {LayerId(0), 0, tokens, layer.moe.topK, layer.moe.experts, ids, weights, other};
    }
    RoutingBlock block() const { return block(logits); }

    std::vector<float> logits;
    MoeLayerInfo layer;
    std::vector<std::uint16_t> ids;
    std::vector<float> weights;
};

Batch randomBatch(std::int32_t tokens, std::int32_t experts, std::int32_t k) {
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    std::vector<float> logits(std::size_t(tokens) * std::size_t(experts));
    for (float& l : logits)
        l = normal(random);
    return {std::move(logits), experts, k};
}

TEST(BalanceLosses, AgreeWithHuggingFace) {
    const test::GoldenTensors tensors("metrics/losses.safetensors");
    for (const auto& f : test::goldenJson("metrics/losses.json")) {
        SCOPED_TRACE(std::string(f.at("name")));
        if (!f.contains("hf_load_balancing_loss"))
            continue; // all logits equal: the choice is a matter of tie-breaking
        const std::int32_t experts = f.at("num_experts");
        const std::int32_t k = f.at("top_k");
        const std::vector<float> all = tensors.f32(f.at("tensor"));
        const auto layers = std::size_t(f.at("num_layers"));
        for (std::size_t l = 0; l < layers; ++l) {
            const std::size_t size = all.size() / layers;
            const Batch batch(
                std::vector(all.begin() + std::ptrdiff_t(l * size), all.begin() + std::ptrdiff_t((l + 1) * size)),
                experts, k);
            const double z = f.at("router_z_loss_per_layer").at(l);
            EXPECT_NEAR(zLoss(batch.block(), 0, {}), z, 1e-5 * (1 + z));
            EXPECT_NEAR(topKAuxLoss(batch.block(), 0, {}) * k, double(f.at("hf_load_balancing_loss_per_layer").at(l)),
                        1e-5);
            if (l > 0)
                continue;
            EXPECT_NEAR(switchLoss(batch.block(), batch.block().tokens, 0, {}),
                        double(f.at("switch_aux_loss_layer0_flat")), 1e-5);
            EXPECT_NEAR(switchLoss(batch.block(), f.at("seq_len"), 0, {}), double(f.at("switch_aux_loss_layer0")),
                        1e-5);
            EXPECT_NEAR(gshardLoss(batch.block(), f.at("seq_len"), 0, {}) * experts * experts,
                        double(f.at("switch_aux_loss_layer0")), 1e-5);
        }
    }
}

TEST(BalanceLosses, AreOneWhenBalanced) {
    // Four tokens, four experts, each chosen once with the same logits.
    std::vector<float> logits(16, 0.0F);
    for (std::size_t t = 0; t < 4; ++t)
        logits[t * 4 + t] = 2;
    const Batch batch(logits, 4, 1);
    EXPECT_NEAR(switchLoss(batch.block(), 4, 0, {}), 1, 1e-6);
    EXPECT_NEAR(topKAuxLoss(batch.block(), 0, {}), 1, 1e-6);
    EXPECT_NEAR(sequenceBalanceLoss(batch.block(), ScoreFunction::Softmax, 4, 0, {}), 1, 1e-6);
    EXPECT_NEAR(sequenceBalanceLoss(batch.block(), ScoreFunction::Sigmoid, 4, 0, {}), 1, 1e-6);
    EXPECT_NEAR(gshardLoss(batch.block(), 4, 0, {}), 1.0 / 16, 1e-6);
}

TEST(BalanceLosses, GradientsAreThoseOfDifferences) {
    using Loss = std::function<double(const RoutingBlock&, double, std::span<float>)>;
    const std::vector<std::pair<const char*, Loss>> losses = {
        {"aux", topKAuxLoss},
        {"z", zLoss},
        {"switch", [](const RoutingBlock& b, double s, std::span<float> d) { return switchLoss(b, 5, s, d); }},
        {"gshard", [](const RoutingBlock& b, double s, std::span<float> d) { return gshardLoss(b, 5, s, d); }},
        {"sequence", [](const RoutingBlock& b, double s,
                        std::span<float> d) { return sequenceBalanceLoss(b, ScoreFunction::Softmax, 5, s, d); }},
        {"sequence, sigmoid", [](const RoutingBlock& b, double s, std::span<float> d) {
             return sequenceBalanceLoss(b, ScoreFunction::Sigmoid, 5, s, d);
         }}};
    const Batch batch = randomBatch(13, 6, 2); // the last group is shorter
    for (const auto& [name, loss] : losses) {
        SCOPED_TRACE(name);
        std::vector<float> gradient(batch.logits.size());
        loss(batch.block(), 0.5, gradient);
        test::expectGradient([&, &f = loss](const std::vector<float>& l) { return 0.5 * f(batch.block(l), 0, {}); },
                             batch.logits, gradient, 2e-3);
    }
}

TEST(GateGradient, IsThatOfDifferences) {
    Batch batch = randomBatch(3, 6, 3);
    batch.ids[4] = kNoExpert; // a slot without expert
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    std::vector<float> dWeights(batch.ids.size());
    for (float& d : dWeights)
        d = normal(random);
    dWeights[4] = 0;
    for (const ScoreFunction score : {ScoreFunction::Softmax, ScoreFunction::Sigmoid})
        for (const bool renormalize : {true, false}) {
            SCOPED_TRACE(testing::Message() << int(score) << renormalize);
            MoeLayerInfo layer = batch.layer;
            layer.moe.score = score;
            layer.moe.renormalize = renormalize;
            layer.moe.scale = 1.5F;
            // sum of dWeights times the weights; weighChosen reorders slots, so the weights are found by expert.
            const auto loss = [&](const std::vector<float>& logits) {
                std::vector<std::uint16_t> ids = batch.ids;
                std::vector<float> weights(ids.size());
                weighChosen(layer, logits, ids, weights);
                double sum = 0;
                for (std::size_t i = 0; i < ids.size(); ++i)
                    for (std::size_t j = i / 3 * 3; j < i / 3 * 3 + 3; ++j)
                        sum += ids[j] == batch.ids[i] ? double(dWeights[i]) * double(weights[j]) : 0.0;
                return sum;
            };
            std::vector<float> gradient(batch.logits.size());
            std::vector<float> scratch(6);
            for (std::size_t t = 0; t < 3; ++t)
                addGateGradient(layer.moe, std::span(batch.logits).subspan(t * 6, 6),
                                std::span<const std::uint16_t>(batch.ids).subspan(t * 3, 3),
                                std::span<const float>(dWeights).subspan(t * 3, 3),
                                std::span(gradient).subspan(t * 6, 6), scratch);
            test::expectGradient(loss, batch.logits, gradient, 2e-3);
        }
}

TEST(ImportanceLoss, GradientIsThatOfDifferences) {
    const Batch batch = randomBatch(12, 5, 2);
    std::vector<float> gradient(batch.weights.size());
    importanceLoss(batch.block(), 2, gradient);
    const auto loss = [&](const std::vector<float>& weights) {
        RoutingBlock block = batch.block();
        block.weights = weights;
        return 2 * importanceLoss(block, 0, {});
    };
    test::expectGradient(loss, batch.weights, gradient, 2e-3);
}

} // namespace
} // namespace moescope
