// What pages say of a run, and how it reads where there is little to say.
#include <gtest/gtest.h>

#include "tests/ui/sample_facts.h"
#include "ui/pages/capacity_views.h"
#include "ui/pages/findings_text.h"
#include "ui/pages/training_views.h"

namespace moescope {
namespace {

TrainingStrategy strategy(const char* name, double maxVio, double loss) {
    auto run = std::make_shared<TrainingRun>();
    run->strategy = name;
    run->steps = 2;
    run->step = {1, 2};
    run->loss = {4, loss};
    run->finalMaxVio = maxVio;
    run->finalLoss = loss;
    return {name, {run}};
}

TEST(TrainingFinding, saysThatStrategiesBalanceAlike) {
    const std::vector<TrainingStrategy> alike{strategy("aux", 0.121, 2.5), strategy("none", 0.1211, 2.25)};
    EXPECT_EQ(trainingFinding(alike).first,
              QStringLiteral("All strategies balance alike: MaxVio <b>0.121</b>. "
                             "The lowest loss is 2.25 of <b>none</b>; the highest is 2.5."));
    const std::vector<TrainingStrategy> same{strategy("aux", 0.121, 2.5), strategy("none", 0.121, 2.5)};
    EXPECT_EQ(trainingFinding(same).first,
              QStringLiteral("All strategies balance alike: MaxVio <b>0.121</b>. Their loss is alike too: 2.5."));
}

TEST(TrainingFinding, namesTheBestOfStrategiesThatDiffer) {
    const std::vector<TrainingStrategy> two{strategy("aux", 0.12, 2.5), strategy("none", 0.5, 2.25)};
    EXPECT_EQ(trainingFinding(two).first, QStringLiteral("<b>aux</b> balances best: MaxVio <b>0.12</b>, against "
                                                         "<b>0.5</b> of <b>none</b>. Its loss is 2.5; the lowest is "
                                                         "2.25 of <b>none</b>."));
    const std::vector<TrainingStrategy> close{strategy("aux", 0.12, 2.50001), strategy("none", 0.5, 2.5)};
    EXPECT_TRUE(trainingFinding(close).first.endsWith(QStringLiteral("No other's loss is lower than its 2.5.")));
    EXPECT_TRUE(lossCurves(two)->wholeX); // there is no step 1.2
}

TEST(CapacityFinding, aRunShorterThanAGroupIsOneOfItsSize) {
    LayerOverflow layer;
    layer.layer = LayerId(1);
    layer.experts = 16;
    layer.topK = layer.meantTopK = 2;
    layer.ids.assign(26 * 2, 0);
    layer.served = layer.ids;
    layer.of = 26;
    layer.options.policy = OverflowPolicy::Next;
    layer.options.groupTokens = 1024;
    const CapacityOptions options = layer.options;
    const auto places = capacityOf(options, 26, 2, 16);
    ASSERT_LT(places, capacityOf(options, 1024, 2, 16));
    EXPECT_TRUE(capacityFinding(layer, options)
                    .second.startsWith(QStringLiteral("%1 places an expert in each group of 26 tokens.").arg(places)));
}

TEST(OverviewFinding, tellsARunWithoutChoicesFromOneWithoutTokens) {
    RunFacts facts = *test::sampleFacts();
    for (LayerFacts& layer : facts.layers) {
        std::ranges::fill(layer.summary.assignments, 0);
    }
    EXPECT_TRUE(overviewFinding(facts).first.contains(QStringLiteral("every choice was dropped")));
    for (LayerFacts& layer : facts.layers) {
        layer.summary.tokens = 0;
    }
    EXPECT_TRUE(overviewFinding(facts).first.contains(QStringLiteral("Nothing is recorded")));
}

TEST(RunFactRows, writeTheirNamesAlike) {
    RunInfo run;
    run.spec.provenance = {{"model path", "a/b"}, {"seed", "1"}};
    const auto rows = runFactRows(run);
    ASSERT_GE(rows.size(), 2U);
    EXPECT_EQ(rows[rows.size() - 2][0], QStringLiteral("Model path"));
    EXPECT_EQ(rows[rows.size() - 1][0], QStringLiteral("Seed"));
}

} // namespace
} // namespace moescope
