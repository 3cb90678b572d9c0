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
    void replay(const std::string& strategy) {
        ReplayObserver observer;
        ReplayRequest request;
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

// Even over all tokens, uneven over every 512 of them: the figure says what it is of.
TEST_F(CompareServiceTest, OverflowOfARunAssignedOverAllTokensSaysWhatItIsOf) {
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 2000}, "a");
    for (const char* strategy : {"expert-choice", "sinkhorn", "base"}) {
        replay(strategy);
        const CompareResult result = compare({"a", strategy}, 0);
        EXPECT_EQ(row(result, 0, "dropped").note, "");
        const CompareRow& dropped = row(result, 1, "dropped");
        EXPECT_NE(dropped.note.find("groups of 512 consecutive tokens"), std::string::npos);
        EXPECT_TRUE(std::isfinite(dropped.difference)) << "it is true all the same";
        EXPECT_NE(compareText(result).find(dropped.note), std::string::npos);
    }
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
