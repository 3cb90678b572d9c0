#include "app/service/compare_service.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "analysis/capacity_groups.h"
#include "analysis/load_balance.h"
#include "app/service/compare_report.h"
#include "app/service/replay_service.h"
#include "db/run_writer.h"
#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"

namespace moescope {
namespace {

class CompareServiceTest : public testing::Test {
protected:
    void record(test::RunShape shape, const std::string& name) {
        test::RecordedRun run = test::makeRun(shape);
        run.spec.name = name;
        run.spec.nll = true;
        run.spec.context = 100;
        RunWriter writer(file(), run.spec, run.documents, run.pieces);
        run.deliverAll(writer, 0, 700);
        writer.finish(RunState::Complete);
    }
    void replay(const std::string& strategy, std::optional<CapacityOptions> capacity = {},
                std::int32_t groupTokens = 1024) {
        ReplayObserver observer;
        ReplayRequest request;
        request.options.capacity = capacity;
        request.options.groupTokens = groupTokens;
        request.db = file();
        request.run = "a";
        request.name = strategy;
        request.options.strategy = strategy;
        ReplayService().replay(request, observer);
    }
    CompareResult compare(const std::vector<std::string>& runs, std::int32_t replicates = 200) const {
        CompareObserver observer;
        CompareRequest request;
        request.runs = runs;
        request.replicates = replicates;
        request.capacity.groupTokens = 512;
        const auto recording = Recording::open(file());
        return CompareService(*recording).compare(request, observer);
    }
    static const CompareRow& row(const CompareResult& result, std::size_t run, const std::string& metric,
                                 std::optional<LayerId> layer = {}, const std::string& domain = "") {
        const auto at = std::ranges::find_if(result.rows, [&](const CompareRow& r) {
            return r.run == run && r.metric == metric && r.layer == layer && r.domain == domain;
        });
        if (at == result.rows.end()) {
            throw std::runtime_error("no row " + metric);
        }
        return *at;
    }
    static bool has(const CompareResult& result, std::size_t run, const std::string& metric) {
        return std::ranges::any_of(result.rows,
                                   [&](const CompareRow& r) { return r.run == run && r.metric == metric; });
    }
    std::filesystem::path file() const { return m_folder / "runs.moe"; }

    test::TemporaryFolder m_folder;
};

TEST_F(CompareServiceTest, ValuesAreThoseOfTheWholeRuns) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 3000}, "a");
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 3000, .seed = 2}, "b");
    const CompareResult result = compare({"a", "b"});
    const auto recording = Recording::open(file());
    for (std::size_t run = 0; run < 2; ++run) {
        const RunInfo info = recording->run(run == 0 ? "a" : "b");
        double mean = 0;
        for (const LayerSummary& layer : recording->summaries(info, {})) {
            const LoadBalance balance = loadBalance(layer.assignments);
            const CompareRow& cv = row(result, run, "cv", layer.layer);
            EXPECT_DOUBLE_EQ(cv.value, balance.cv);
            EXPECT_DOUBLE_EQ(row(result, run, "gini", layer.layer).value, balance.gini);
            EXPECT_GT(cv.high, cv.low);
            mean += balance.maxVio / 2;
        }
        EXPECT_DOUBLE_EQ(row(result, run, "max_vio").value, mean);
        double sum = 0;
        std::int64_t count = 0;
        for (const TokenRecord& token : recording->tokens(info, 0, info.tokens)) {
            if (!std::isnan(token.nll)) {
                sum += double(token.nll);
                ++count;
            }
        }
        const CompareRow& perplexity = row(result, run, "perplexity");
        EXPECT_NEAR(perplexity.value, std::exp(sum / double(count)), 1e-9);
        EXPECT_LT(perplexity.low, perplexity.value);
        EXPECT_GT(perplexity.high, perplexity.value);
        EXPECT_TRUE(has(result, run, "separability"));
    }
    EXPECT_DOUBLE_EQ(row(result, 1, "cv").difference, row(result, 1, "cv").value - row(result, 0, "cv").value);
}

// Even over 1024 tokens, uneven over every 512 of them: the figure says what it is of.
TEST_F(CompareServiceTest, OverflowInOtherGroupsThanWereAssignedAtOnceSaysSo) {
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 2000}, "a");
    for (const char* strategy : {"expert-choice", "sinkhorn", "base"}) {
        replay(strategy);
        const CompareResult result = compare({"a", strategy}, 0);
        EXPECT_EQ(row(result, 0, "dropped").note, "");
        const CompareRow& dropped = row(result, 1, "dropped");
        EXPECT_EQ(dropped.note, strategy + std::string(" assigns 1024 tokens at once: over groups of 512 consecutive "
                                                       "tokens, in which this is counted, its loads need not be even"));
        EXPECT_TRUE(std::isfinite(dropped.difference)) << "it is true all the same";
        EXPECT_NE(compareText(result).find(dropped.note), std::string::npos);
    }
}

// Groups made of whole ones that were assigned at once hold what the strategy did: there is nothing to excuse.
TEST_F(CompareServiceTest, OverflowInTheGroupsThatWereAssignedIsTheStrategys) {
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 2000}, "a");
    for (const char* strategy : {"expert-choice", "sinkhorn", "base"}) {
        replay(strategy, {}, 256);
        const CompareRow dropped = row(compare({"a", strategy}, 0), 1, "dropped");
        EXPECT_EQ(dropped.note, "") << strategy;
        EXPECT_EQ(dropped.value, 0) << strategy;
    }
}

// A run whose capacity took choices away, against the same without: a token's experts are those it still has.
TEST_F(CompareServiceTest, ARunWithDroppedChoicesChangedWhereTheyWereDropped) {
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 2000}, "a");
    CapacityOptions capacity;
    capacity.factor = 0.5;
    capacity.groupTokens = 512;
    replay("topk", capacity);
    const CompareResult result = compare({"a", "topk"}, 0);
    const auto recording = Recording::open(file());
    std::int64_t lost = 0, changed = 0;
    recording->eachRouting(recording->run("topk"), {}, false, [&](const RoutingBlock& block) {
        for (std::int32_t t = 0; t < block.tokens; ++t) {
            const auto dropped = std::ranges::count(block.idsOf(t), kNoExpert);
            lost += dropped;
            changed += dropped > 0 ? 1 : 0;
        }
    });
    ASSERT_GT(lost, changed) << "some tokens lose both experts";
    EXPECT_DOUBLE_EQ(row(result, 1, "changed_tokens").value, double(changed) / 2000);
    EXPECT_DOUBLE_EQ(row(result, 1, "jaccard").value, 1 - double(lost) / 4000);
    EXPECT_DOUBLE_EQ(row(result, 1, "saturation").value, 1 - double(lost) / 4000);
    EXPECT_EQ(result.runs[1].layers[0].choices, 2) << "meant for a token, however many it keeps";
    EXPECT_TRUE(result.runs[1].sameExperts);
    EXPECT_TRUE(std::isfinite(row(result, 1, "max_vio").difference));
    EXPECT_EQ(row(result, 1, "dropped").value, 0) << "within the same groups nothing more overflows";
}

// With the same experts and another k the notes say so, and what it is.
TEST_F(CompareServiceTest, OtherExpertsPerTokenAreNamed) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 1000}, "a");
    record({.layers = 2, .experts = 8, .topK = 3, .tokens = 1000}, "three");
    const CompareResult result = compare({"a", "three"}, 0);
    EXPECT_EQ(row(result, 1, "cv").note, "3 experts per token, not 2: not comparable");
    EXPECT_EQ(row(result, 1, "gini", result.runs[0].layers[0].layer).note, row(result, 1, "cv").note);
    EXPECT_EQ(row(result, 1, "gini").note, "");
}

TEST_F(CompareServiceTest, DroppedIsThatOfTheCapacityAndTheCurveHoldsIt) {
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 2000}, "a");
    replay("sinkhorn");
    const CompareResult result = compare({"a", "sinkhorn"}, 0);
    const auto recording = Recording::open(file());
    const RunInfo info = recording->run("a");
    CapacityOptions options;
    options.groupTokens = 512;
    std::int64_t dropped = 0;
    CapacityGroups groups(info.spec.layers[0], options.policy, 512, [&](const CapacityGroup& group, TokenIndex) {
        std::vector<std::uint16_t> served(group.ids.size());
        serveGroup(group, options.policy, capacityOf(options, std::int64_t(group.tokens()), 2, 8), served);
        dropped += std::ranges::count(served, kNoExpert);
    });
    recording->eachRouting(info, {}, false, [&](const RoutingBlock& block) { groups.add(block); });
    groups.finish();
    EXPECT_DOUBLE_EQ(row(result, 0, "dropped").value, double(dropped) / 4000);
    const auto at = std::ranges::find(result.factors, 1.25) - result.factors.begin();
    EXPECT_DOUBLE_EQ(result.runs[0].layers[0].dropped[std::size_t(at)], double(dropped) / 4000);
    EXPECT_TRUE(std::isnan(row(result, 0, "dropped").low)); // no replicates
}

TEST_F(CompareServiceTest, ARunEqualsItself) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 2000}, "a");
    replay("topk");
    const CompareResult result = compare({"a", "topk"});
    EXPECT_TRUE(result.runs[1].sameTokens);
    EXPECT_DOUBLE_EQ(row(result, 1, "changed_tokens").value, 0);
    EXPECT_DOUBLE_EQ(row(result, 1, "jaccard").value, 1);
    EXPECT_DOUBLE_EQ(row(result, 1, "saturation").value, 1);
    for (const CompareRow& r : result.rows) {
        EXPECT_FALSE(r.significant) << r.metric;
        EXPECT_TRUE(std::isnan(r.difference) || r.difference == 0) << r.metric;
    }
    EXPECT_FALSE(has(result, 1, "perplexity")); // a replay has no nll
}

TEST_F(CompareServiceTest, FindsWhatBalancingChanges) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 3000}, "a");
    replay("base");
    const CompareResult result = compare({"a", "base"});
    EXPECT_NEAR(row(result, 1, "cv").value, 0, 1e-3);
    EXPECT_LT(row(result, 1, "gini").difference, 0);
    EXPECT_GT(row(result, 1, "changed_tokens").value, 0);
    EXPECT_TRUE(result.runs[1].seesLaterTokens);
    const auto differences = shareDifferences(result, 1);
    ASSERT_EQ(differences.size(), 2U);
    EXPECT_NEAR(differences[0][3], 0.125 - result.runs[0].layers[0].share[3], 1e-3);
}

TEST_F(CompareServiceTest, SaysWhatCannotBeCompared) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 2000}, "a");
    record({.layers = 2, .experts = 16, .topK = 2, .tokens = 2000}, "wide");
    const CompareResult result = compare({"a", "wide"});
    EXPECT_FALSE(result.runs[1].sameExperts);
    EXPECT_TRUE(std::isnan(row(result, 1, "cv").difference));
    EXPECT_NE(row(result, 1, "cv").note, "");
    EXPECT_FALSE(std::isnan(row(result, 1, "normalized_entropy").difference));
    EXPECT_FALSE(std::isnan(row(result, 1, "perplexity").difference));
    EXPECT_FALSE(has(result, 1, "jaccard"));
    EXPECT_TRUE(shareDifferences(result, 1).empty());
    EXPECT_FALSE(result.notes.empty());
    EXPECT_THROW(compare({"a"}), Error);
    EXPECT_THROW(compare({"a", "none"}), Error);
}

// Another model on other texts: what is of the model's shape or of the text has no difference, the rest has.
TEST_F(CompareServiceTest, ComparesOtherModelsOnOtherTextsWhereThatMeansSomething) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 2000}, "a");
    record({.layers = 3, .experts = 8, .topK = 2, .tokens = 1500, .seed = 9}, "deep");
    const CompareResult result = compare({"a", "deep"});
    EXPECT_FALSE(result.runs[1].sameTokens);
    for (const char* metric : {"perplexity", "nll"}) {
        EXPECT_TRUE(std::isnan(row(result, 1, metric).difference)) << metric;
        EXPECT_EQ(row(result, 1, metric).note, "other tokens: not comparable");
    }
    for (const char* metric : {"max_vio", "cv", "gini", "normalized_entropy", "dropped"}) {
        EXPECT_FALSE(std::isnan(row(result, 1, metric).difference)) << metric << " is a mean over layers alike";
    }
    EXPECT_TRUE(std::isnan(row(result, 1, "max_vio", LayerId(result.runs[0].layers[0].layer)).difference));
    EXPECT_TRUE(shareDifferences(result, 1).empty());
}

TEST_F(CompareServiceTest, IsRepeatableAndStops) {
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 1000}, "a");
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 1000, .seed = 5}, "b");
    const std::string once = compareJson(compare({"a", "b"}));
    EXPECT_TRUE(once == compareJson(compare({"a", "b"})));
    const auto json = nlohmann::json::parse(once);
    EXPECT_EQ(json["runs"][1]["layers"][0]["share"].size(), 8U);
    std::stop_source source;
    source.request_stop();
    CompareObserver observer;
    CompareRequest request;
    request.runs = {"a", "b"};
    const auto recording = Recording::open(file());
    EXPECT_THROW(CompareService(*recording).compare(request, observer, source.get_token()), Error);
}

} // namespace
} // namespace moescope
