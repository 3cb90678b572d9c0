#include "app/service/replay_service.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/service/recording.h"
#include "app/service/replay_report.h"
#include "db/connection.h"
#include "db/merge.h"
#include "db/run_edit.h"
#include "db/run_writer.h"
#include "db/statement.h"
#include "db/verify.h"
#include "engine/routing/correction_bias.h"
#include "engine/routing/error.h"
#include "engine/routing/limit_capacity.h"
#include "tests/support/recorded_run.h"

namespace moescope {
namespace {

class ReplayServiceTest : public testing::Test {
protected:
    void record(const test::RunShape& shape) {
        m_run = test::makeRun(shape);
        RunWriter writer(file(), m_run.spec, m_run.documents, m_run.pieces);
        m_run.deliverAll(writer, 0, 700);
        writer.finish(RunState::Complete);
    }
    std::filesystem::path file() const { return m_folder / "run.moe"; }

    ReplaySummary replay(std::int32_t topK, const std::string& name) {
        ReplayOptions options;
        options.topK = topK;
        return replay(options, name);
    }
    ReplaySummary replay(const ReplayOptions& options, const std::string& name, const std::string& source = "run") {
        ReplayObserver observer;
        return ReplayService().replay({file(), source, name, options, "moescope replay"}, observer);
    }
    ReplaySummary replay(const std::string& strategy) {
        ReplayOptions options;
        options.strategy = strategy;
        return replay(options, strategy);
    }
    std::vector<std::int64_t> load(const std::string& name, std::size_t layer) const {
        const auto recording = Recording::open(file());
        return recording->summaries(recording->run(name), {})[layer].assignments;
    }

    // Every id and weight of a run, layer by layer.
    std::pair<std::vector<std::uint16_t>, std::vector<float>> routes(const std::string& name) const {
        std::pair<std::vector<std::uint16_t>, std::vector<float>> all;
        const auto recording = Recording::open(file());
        recording->eachRouting(recording->run(name), {}, false, [&](const RoutingBlock& block) {
            all.first.insert(all.first.end(), block.ids.begin(), block.ids.end());
            all.second.insert(all.second.end(), block.weights.begin(), block.weights.end());
        });
        return all;
    }

    test::TemporaryFolder m_folder;
    test::RecordedRun m_run;
};

TEST_F(ReplayServiceTest, TheRecordedGateGivesTheRecordedRoutesBitForBit) {
    for (ScoreFunction score : {ScoreFunction::Softmax, ScoreFunction::Sigmoid, ScoreFunction::SoftmaxOverChosen,
                                ScoreFunction::SparseMixer}) {
        std::filesystem::remove(file());
        record({.layers = 2, .experts = 16, .topK = 2, .tokens = 2000, .score = score});
        const ReplaySummary summary = replay(0, "again");
        EXPECT_TRUE(summary.sameGate);
        EXPECT_EQ(summary.tokens, 2000);
        EXPECT_EQ(summary.tokensRerouted, 0);
        EXPECT_EQ(summary.largestWeightDifference, 0);
        EXPECT_EQ(routes("again"), routes("run"));
    }
}

// What a model's own capacity drops, as a Switch encoder's does, is no part of its gate: the replay serves it and says
// so; with the capacity it gives the recorded routes.
TEST_F(ReplayServiceTest, WhatTheRecordingDroppedIsServedAndCounted) {
    m_run = test::makeRun({.layers = 2, .experts = 8, .topK = 1, .tokens = 2000});
    CapacityOptions capacity;
    capacity.fixed = 14;
    capacity.groupTokens = 100;
    OverflowCounts counts(8);
    for (std::size_t l = 0; l < 2; ++l) {
        limitToCapacity(m_run.spec.layers[l], capacity, {}, m_run.ids[l], m_run.weights[l], counts);
    }
    RunWriter writer(file(), m_run.spec, m_run.documents, m_run.pieces);
    m_run.deliverAll(writer, 0, 700);
    writer.finish(RunState::Complete);
    const auto dropped = std::accumulate(counts.dropped.begin(), counts.dropped.end(), std::int64_t(0));
    ASSERT_GT(dropped, 0);
    const ReplaySummary plain = replay(0, "plain");
    EXPECT_TRUE(plain.sameGate);
    EXPECT_EQ(plain.slotsFilled, dropped);
    EXPECT_EQ(plain.tokenLayersRerouted, dropped);
    EXPECT_EQ(plain.largestWeightDifference, 0);
    EXPECT_THAT(replayText(plain), testing::HasSubstr(std::to_string(dropped) + " slots"));
    ReplayOptions limited;
    limited.capacity = capacity;
    limited.groupTokens = capacity.groupTokens;
    const ReplaySummary same = replay(limited, "limited");
    EXPECT_EQ(same.slotsFilled, 0);
    EXPECT_EQ(same.tokenLayersRerouted, 0);
    EXPECT_EQ(routes("limited"), routes("run"));
    EXPECT_THAT(replayText(same), testing::HasSubstr("under capacity 14 drop in groups of 100 tokens"));
}

TEST_F(ReplayServiceTest, HalfPrecisionLogitsAreCountedNotHidden) {
    record({.layers = 2, .experts = 64, .topK = 8, .tokens = 3000, .logits = LogitStorage::F16});
    const ReplaySummary summary = replay(0, "again");
    EXPECT_EQ(summary.logits, LogitStorage::F16);
    const auto was = routes("run");
    const auto is = routes("again");
    std::int64_t pairs = 0;
    for (std::size_t at = 0; at < was.first.size(); at += 8) {
        pairs += std::is_permutation(was.first.begin() + std::ptrdiff_t(at), was.first.begin() + std::ptrdiff_t(at + 8),
                                     is.first.begin() + std::ptrdiff_t(at))
                     ? 0
                     : 1;
    }
    EXPECT_GT(pairs, 0);
    EXPECT_LT(pairs, 200);
    EXPECT_EQ(summary.tokenLayersRerouted, pairs);
    EXPECT_LE(summary.tokensRerouted, pairs);
}

TEST_F(ReplayServiceTest, AnotherKRoutesAsTheGateWouldHave) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 1500});
    const ReplaySummary summary = replay(3, "three");
    EXPECT_FALSE(summary.sameGate);
    EXPECT_EQ(summary.tokensRerouted, 1500);
    const auto recording = Recording::open(file());
    const RunInfo run = recording->run("three");
    EXPECT_EQ(run.id, summary.id);
    EXPECT_EQ(run.state, RunState::Complete);
    EXPECT_EQ(run.tokens, 1500);
    EXPECT_EQ(run.spec.layers[0].moe.topK, 3);
    EXPECT_EQ(run.spec.provenance[0], (std::pair<std::string, std::string>{"replay of", "run"}));
    EXPECT_EQ(run.domains, recording->run("run").domains);
    std::vector<std::uint16_t> ids(1500 * 3);
    std::vector<float> weights(ids.size());
    const auto three = routes("three");
    routeTopK(run.spec.layers[1], m_run.logits[1], ids, weights);
    EXPECT_TRUE(std::equal(ids.begin(), ids.end(), three.first.begin() + std::ptrdiff_t(ids.size())));
    for (std::size_t l = 0; l < 2; ++l) {
        EXPECT_EQ(recording->summaries(run, {})[l].probSum, recording->summaries(recording->run("run"), {})[l].probSum);
    }
    const auto was = recording->tokens(recording->run("run"), 0, 1500);
    const auto is = recording->tokens(run, 0, 1500);
    for (std::size_t t = 0; t < 1500; ++t) {
        ASSERT_EQ(is[t].text, was[t].text);
        ASSERT_EQ(is[t].tokenId, was[t].tokenId);
    }
}

TEST_F(ReplayServiceTest, AnInterruptedRunIsReplayedAsFarAsItGoes) {
    m_run = test::makeRun({.tokens = 2000});
    {
        RunWriter writer(file(), m_run.spec, m_run.documents, m_run.pieces);
        m_run.deliver(writer, 0, 1024);
        writer.finish(RunState::Interrupted);
    }
    EXPECT_EQ(replay(0, "part").tokens, 1024);
    EXPECT_EQ(routes("part"), routes("run"));
}

TEST_F(ReplayServiceTest, RefusesWithTheReason) {
    record({.tokens = 300, .logits = LogitStorage::None});
    EXPECT_THROW(replay(2, "x"), Error);
    const auto code = [&](const std::string& strategy, std::int32_t topK) {
        try {
            ReplayOptions options;
            options.strategy = strategy;
            options.topK = topK;
            makeReplayStrategy(options);
        } catch (const Error& error) {
            return error.code();
        }
        return ErrorCode::Io;
    };
    EXPECT_EQ(code("noisy-load", 0), ErrorCode::Unsupported);
    EXPECT_EQ(code("aux", 0), ErrorCode::Unsupported);
    EXPECT_EQ(code("best", 0), ErrorCode::InvalidArgument);
    EXPECT_EQ(code("topk", -1), ErrorCode::InvalidArgument);
}

TEST_F(ReplayServiceTest, EveryStrategyMakesASoundRunThatReadsItsSourcesLogits) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 2500, .logits = LogitStorage::F16});
    std::vector<float> logits;
    const auto gather = [](std::vector<float>& to) {
        return [&to](const RoutingBlock& block) { to.insert(to.end(), block.logits.begin(), block.logits.end()); };
    };
    {
        const auto recording = Recording::open(file());
        recording->eachRouting(recording->run("run"), {}, true, gather(logits));
    }
    for (const char* strategy : {"topk", "none", "aux-free", "group-limited", "expert-choice", "sinkhorn", "base"}) {
        const ReplaySummary summary = replay(strategy);
        EXPECT_EQ(summary.tokens, 2500) << strategy;
        std::vector<float> lent;
        const auto recording = Recording::open(file());
        recording->eachRouting(recording->run(strategy), {}, true, gather(lent));
        EXPECT_EQ(lent, logits) << strategy;
    }
    const VerifyReport report = verifyRecording(file());
    EXPECT_THAT(report.problems, testing::IsEmpty());
    sqlite::Connection connection(file(), sqlite::Access::Read);
    EXPECT_EQ(sqlite::queryInteger(connection.handle(), "SELECT count(DISTINCT layer_id) FROM logit_block"), 2);
}

TEST_F(ReplayServiceTest, LogitsOutliveTheRunThatHeldThemAndTravelInMerges) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 1500});
    replay(1, "one");
    replay(3, "three");
    removeRun(file(), "run");
    EXPECT_THAT(verifyRecording(file()).problems, testing::IsEmpty());
    mergeRecordings({file()}, m_folder / "merged.moe");
    EXPECT_THAT(verifyRecording(m_folder / "merged.moe").problems, testing::IsEmpty());
    removeRun(m_folder / "merged.moe", "one");
    const auto recording = Recording::open(m_folder / "merged.moe");
    EXPECT_EQ(recording->route(recording->run("three"), 1499)[1].logits,
              std::vector<float>(m_run.logits[1].end() - 8, m_run.logits[1].end()));
    EXPECT_THAT(verifyRecording(m_folder / "merged.moe").problems, testing::IsEmpty());
}

TEST_F(ReplayServiceTest, ExpertChoiceAndBaseBalanceExactly) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 2500}); // groups of 1024, 1024 and 452
    replay("expert-choice");
    replay("base");
    for (std::size_t l = 0; l < 2; ++l) {
        EXPECT_EQ(load("expert-choice", l), std::vector<std::int64_t>(8, 256 + 256 + 113));
        EXPECT_EQ(load("base", l), std::vector<std::int64_t>(8, 625));
    }
    const auto recording = Recording::open(file());
    const auto source = recording->run("run");
    const auto weights = routes("expert-choice").second;
    EXPECT_LE(*std::max_element(weights.begin(), weights.end()), 1.0F);
    EXPECT_EQ(recording->summaries(recording->run("expert-choice"), {})[0].choicesPerToken(), 2);
}

TEST_F(ReplayServiceTest, AuxFreeBalancesAndRecordsHow) {
    record({.layers = 2, .experts = 8, .topK = 2, .tokens = 4000});
    ReplayOptions options;
    options.strategy = "aux-free";
    options.learning.passes = 300;
    const ReplaySummary summary = replay(options, "aux-free");
    EXPECT_LT(summary.maxVio, 0.2 * summary.sourceMaxVio);
    const auto recording = Recording::open(file());
    const RunInfo run = recording->run("aux-free");
    EXPECT_EQ(run.spec.layers[1].selectionBias.size(), 8U);
    const auto steps = recording->trainSteps(run);
    ASSERT_EQ(steps.size(), 300U); // every second of 600
    EXPECT_TRUE(std::isnan(steps[7].loss));
    EXPECT_EQ(steps[7].load.size(), 2U);
    // Its routes follow from its gate, so they can be replayed in turn.
    EXPECT_EQ(replay(ReplayOptions{}, "again", "aux-free").tokensRerouted, 0);
}

TEST_F(ReplayServiceTest, CapacityIsThatOfGroupsOfTheRun) {
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 3000});
    for (OverflowPolicy policy :
         {OverflowPolicy::Drop, OverflowPolicy::Priority, OverflowPolicy::Prob, OverflowPolicy::Next}) {
        ReplayOptions options;
        options.capacity = CapacityOptions{1.0, -1, CapacityRounding::Floor, policy, 500};
        options.groupTokens = 500;
        const std::string name(nameOf(policy));
        const ReplaySummary summary = replay(options, name);
        EXPECT_NE(summary.capacity, "");
        EXPECT_FALSE(summary.sameGate);
        EXPECT_EQ(summary.assigned, 6000);
        EXPECT_EQ(summary.kept + summary.dropped + summary.rerouted, 6000);
        auto ids = m_run.ids[0];
        auto weights = m_run.weights[0];
        OverflowCounts counts(8);
        limitToCapacity(m_run.spec.layers[0], *options.capacity, m_run.logits[0], ids, weights, counts);
        EXPECT_EQ(routes(name), std::pair(ids, weights)) << name;
        for (std::int64_t served : load(name, 0)) {
            EXPECT_LE(served, 6 * 125);
        }
    }
}

TEST_F(ReplayServiceTest, RefusesReplaysWhoseRoutesDoNotFollowFromTheirGate) {
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 300});
    replay("sinkhorn");
    EXPECT_THROW(replay(ReplayOptions{}, "x", "sinkhorn"), Error);
    std::filesystem::remove(file());
    record({.layers = 1, .experts = 8, .topK = 2, .tokens = 300, .score = ScoreFunction::SparseMixer});
    EXPECT_THROW(replay("base"), Error);
    EXPECT_THROW(replay("aux-free"), Error);
    EXPECT_EQ(replay("topk").tokensRerouted, 0);
}

TEST_F(ReplayServiceTest, RefusesAKThatTheLayersDoNotHave) {
    record({.experts = 8, .topK = 2, .tokens = 300});
    EXPECT_THROW(replay(9, "nine"), Error);
    EXPECT_THROW(Recording::open(file())->run("nine"), Error); // nothing was begun
    replay(1, "one");
    EXPECT_THROW(replay(1, "one"), Error); // the name is taken
}

} // namespace
} // namespace moescope
