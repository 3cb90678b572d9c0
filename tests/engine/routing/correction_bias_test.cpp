#include "engine/routing/correction_bias.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/routing/moe_config.h"
#include "engine/routing/topk.h"

namespace moescope {
namespace {

TEST(CorrectionBias, StepsByTheSignOfTheMissingLoad) {
    std::vector<float> bias{0.0F, 0.5F, -0.25F, 0.0F};
    updateCorrectionBias(std::vector<std::int64_t>{7, 1, 4, 4}, 0.125, bias); // mean 4
    EXPECT_EQ(bias, (std::vector<float>{-0.125F, 0.625F, -0.25F, 0.0F}));
    updateCorrectionBias(std::vector<std::int64_t>{2, 2, 2, 1}, 0.125, bias); // mean 7/4
    EXPECT_EQ(bias, (std::vector<float>{-0.25F, 0.5F, -0.375F, 0.125F}));
}

TEST(CorrectionBias, CountsChoicesButNotEmptySlots) {
    std::vector<std::int64_t> load(3);
    addLoad(std::vector<std::uint16_t>{0, 2, 2, kNoExpert}, load);
    EXPECT_EQ(load, (std::vector<std::int64_t>{1, 0, 2}));
    EXPECT_DOUBLE_EQ(maxViolation(load), 1.0);
    EXPECT_DOUBLE_EQ(maxViolation(std::vector<std::int64_t>{0, 0}), 0.0);
}

TEST(CorrectionBias, BalancesAGateThatPrefersOneExpert) {
    std::mt19937 random(5);
    std::normal_distribution<float> normal;
    MoeLayerInfo layer;
    layer.moe.experts = 8;
    layer.moe.topK = 2;
    layer.selectionBias.assign(8, 0.0F);
    std::vector<std::uint16_t> ids(512 * 2);
    std::vector<float> logits(512 * 8), weights(ids.size());
    double first = 0;
    double last = 0;
    for (int batch = 0; batch < 400; ++batch) {
        for (std::size_t i = 0; i < logits.size(); ++i) {
            logits[i] = normal(random) + (i % 8 == 3 ? 1.5F : 0.0F);
        }
        routeTopK(layer, logits, ids, weights);
        std::vector<std::int64_t> load(8);
        addLoad(ids, load);
        first = batch == 0 ? maxViolation(load) : first;
        last = maxViolation(load);
        updateCorrectionBias(load, kCorrectionRate, layer.selectionBias);
    }
    EXPECT_GT(first, 1.0);
    EXPECT_LT(last, 0.25);
    EXPECT_LT(layer.selectionBias[3], 0.0F);
}

} // namespace
} // namespace moescope
