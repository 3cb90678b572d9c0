#include "analysis/router_losses.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "engine/routing/topk.h"
#include "tests/support/golden_tensors.h"

namespace moescope {
namespace {

LayerSummary summarize(std::span<const float> logits, std::int32_t experts, std::int32_t topK) {
    MoeLayerInfo layer;
    layer.moe.experts = experts;
    layer.moe.topK = topK;
    const std::size_t tokens = logits.size() / std::size_t(experts);
    std::vector<std::uint16_t> ids(tokens * std::size_t(topK));
    std::vector<float> weights(ids.size());
    routeTopK(layer, logits, ids, weights);
    LayerSummary summary = LayerSummary::empty(layer, 1);
    const std::vector<std::int32_t> domains(tokens, 0);
    summary.add({layer.layer, 0, std::int32_t(tokens), topK, experts, ids, weights, logits}, layer, domains);
    return summary;
}

TEST(RouterLosses, AgreeWithHuggingFace) {
    const test::GoldenTensors tensors("metrics/losses.safetensors");
    for (const auto& fixture : test::goldenJson("metrics/losses.json")) {
        SCOPED_TRACE(std::string(fixture.at("name")));
        if (!fixture.contains("hf_load_balancing_loss")) {
            continue; // all logits equal: the choice is a matter of tie-breaking
        }
        const std::int32_t experts = fixture.at("num_experts");
        const std::int32_t layers = fixture.at("num_layers");
        const std::int32_t topK = fixture.at("top_k");
        const std::vector<float> logits = tensors.f32(fixture.at("tensor"));
        const std::size_t perLayer = logits.size() / std::size_t(layers);
        std::vector<LayerSummary> summaries;
        for (std::size_t l = 0; l < std::size_t(layers); ++l) {
            summaries.push_back(summarize(std::span(logits).subspan(l * perLayer, perLayer), experts, topK));
            const double z = fixture.at("router_z_loss_per_layer").at(l);
            EXPECT_NEAR(routerZLoss(summaries[l]), z, 1e-5 * (1 + z));
            EXPECT_NEAR(hfLoadBalancingLoss({&summaries[l], 1}),
                        double(fixture.at("hf_load_balancing_loss_per_layer").at(l)), 1e-5);
            const std::vector<std::int64_t> counts = fixture.at("expert_counts_per_layer").at(l);
            EXPECT_EQ(summaries[l].assignments, counts);
        }
        EXPECT_NEAR(hfLoadBalancingLoss(summaries), double(fixture.at("hf_load_balancing_loss")), 1e-5);
        EXPECT_NEAR(switchAuxLoss(summaries[0]), double(fixture.at("switch_aux_loss_layer0_flat")), 1e-5);
        EXPECT_NEAR(gshardAuxLoss(summaries[0]) * experts * experts, switchAuxLoss(summaries[0]), 1e-12);
        // Training takes the Switch loss per sequence and averages.
        const std::size_t batch = fixture.at("batch");
        double perSequence = 0;
        for (std::size_t b = 0; b < batch; ++b) {
            const std::size_t rows = perLayer / batch;
            perSequence += switchAuxLoss(summarize(std::span(logits).subspan(b * rows, rows), experts, topK));
        }
        EXPECT_NEAR(perSequence / double(batch), double(fixture.at("switch_aux_loss_layer0")), 1e-5);
    }
}

TEST(RouterLosses, AreOneOrKWhenBalanced) {
    LayerSummary layer = LayerSummary::empty({LayerId(0), {4, 2}, {}}, 1);
    layer.tokens = layer.tokensWithLogits = 100;
    layer.assignments = {50, 50, 50, 50};
    layer.top1 = {25, 25, 25, 25};
    layer.probSum = {25, 25, 25, 25};
    layer.weightSum = {25, 25, 25, 25};
    EXPECT_DOUBLE_EQ(switchAuxLoss(layer), 1);
    EXPECT_DOUBLE_EQ(hfLoadBalancingLoss({&layer, 1}), 2);
    EXPECT_DOUBLE_EQ(squaredCountLoss(layer), 1);
    EXPECT_DOUBLE_EQ(importanceLoss(layer), 0);
    layer.assignments = {200, 0, 0, 0};
    EXPECT_DOUBLE_EQ(squaredCountLoss(layer), 4);
}

TEST(RouterLosses, HaveNoValueWithoutLogits) {
    LayerSummary layer = LayerSummary::empty({LayerId(0), {4, 2}, {}}, 1);
    layer.tokens = 10;
    EXPECT_TRUE(std::isnan(switchAuxLoss(layer)));
    EXPECT_TRUE(std::isnan(routerZLoss(layer)));
    EXPECT_TRUE(std::isnan(meanMargin(layer)));
    EXPECT_TRUE(std::isnan(hfLoadBalancingLoss({})));
}

} // namespace
} // namespace moescope
