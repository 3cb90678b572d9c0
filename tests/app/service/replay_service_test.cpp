#include "app/service/replay_service.h"

#include <gtest/gtest.h>

#include "app/service/recording.h"
#include "db/run_writer.h"
#include "engine/routing/error.h"
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
        ReplayObserver observer;
        return ReplayService().replay({file(), "run", name, {"topk", topK}, "moescope replay"}, observer);
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
    const auto code = [&](const ReplayOptions& options) {
        try {
            makeReplayStrategy(options);
        } catch (const Error& error) {
            return error.code();
        }
        return ErrorCode::Io;
    };
    EXPECT_EQ(code({"noisy-load", 0}), ErrorCode::Unsupported);
    EXPECT_EQ(code({"aux", 0}), ErrorCode::Unsupported);
    EXPECT_EQ(code({"best", 0}), ErrorCode::InvalidArgument);
    EXPECT_EQ(code({"topk", -1}), ErrorCode::InvalidArgument);
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
