// What the service does around a trainer: corpora, held-out text, steps and provenance in the recording, resuming.
#include "app/service/train_service.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/service/recording.h"
#include "app/service/runs_report.h"
#include "db/merge.h"
#include "db/run_edit.h"
#include "engine/routing/error.h"
#include "tests/support/fake_engine.h"

namespace moescope {

namespace fs = std::filesystem;

namespace {

class Follower : public TrainFollower {
public:
    void reading(std::int64_t, std::int64_t) override { ++m_read; }
    void started(const std::string&, std::int64_t, std::int64_t, std::int64_t) override {}
    void step(const TrainStep& step) override {
        if (step.step == m_stopAt)
            m_source.request_stop();
    }
    void recording(std::int64_t tokens, std::int64_t of) override { EXPECT_LE(tokens, of); }

    int m_read = 0;
    std::int64_t m_stopAt = -1;
    std::stop_source m_source;
};

} // namespace

class TrainServiceTest : public testing::Test {
protected:
    void SetUp() override {
        fs::remove_all(m_folder);
        for (const char* domain : {"news", "code"}) {
            fs::create_directories(m_folder / "data" / domain);
            std::ofstream out(m_folder / "data" / domain / "a.txt");
            for (int i = 0; i < 400; ++i)
                out << domain << " line " << i << "\n";
        }
        fs::copy(fs::path(MOESCOPE_SOURCE_DIR) / "tests/golden/tokenizers/small_bytelevel/tokenizer.json",
                 m_folder / "data/tokenizer.json");
    }
    void TearDown() override { fs::remove_all(m_folder); }

    TrainRequest request() const {
        TrainRequest r;
        r.data = m_folder / "data";
        r.out = m_folder / "out";
        r.db = m_folder / "train.moescope";
        r.config.layers = 2;
        r.config.experts = 4;
        r.config.topK = 2;
        r.config.steps = 5;
        r.config.context = 16;
        r.config.batchTokens = 64;
        r.config.threads = 1;
        r.validationTokens = 40;
        return r;
    }
    std::vector<TrainedModel> train(const TrainRequest& r) {
        return TrainService(m_engine).train(r, m_follower, m_follower.m_source.get_token());
    }

    test::FakeEngine m_engine;
    Follower m_follower;
    fs::path m_folder = fs::path(testing::TempDir()) /
                        (std::string("train-") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(TrainServiceTest, RecordsStepsAndHeldOutText) {
    const auto models = train(request());
    ASSERT_EQ(models.size(), 1U);
    EXPECT_EQ(models[0].steps, 5);
    EXPECT_EQ(models[0].tokens, 5 * 64);
    EXPECT_DOUBLE_EQ(models[0].loss, 6.0 / 5);
    EXPECT_GT(models[0].validationNll, 0);
    const auto recording = Recording::open(m_folder / "train.moescope");
    const RunInfo run = recording->run("out");
    EXPECT_EQ(run.state, RunState::Complete);
    EXPECT_EQ(run.tokens, 80);
    EXPECT_EQ(run.domains, (std::vector<std::string>{"code", "news"}));
    const auto steps = recording->trainSteps(run);
    ASSERT_EQ(steps.size(), 5U);
    EXPECT_EQ(steps[2].load, (std::vector<std::vector<std::int64_t>>(2, std::vector<std::int64_t>(4, 3))));
    EXPECT_EQ(steps[2].importance, (std::vector<std::vector<float>>(2, std::vector<float>(4, 1.5F))));
    EXPECT_TRUE(fs::exists(m_folder / "out/tokenizer.json"));
    EXPECT_THAT(runsText({run}), testing::HasSubstr("noisy coefficient   0.2\n"));
}

TEST_F(TrainServiceTest, RecordsSnapshotsOnTheWay) {
    TrainRequest r = request();
    r.config.snapshotEvery = 2;
    r.snapshotTokens = 10;
    r.logits = "none";
    train(r);
    const auto recording = Recording::open(r.db);
    const RunInfo run = recording->run("out");
    EXPECT_EQ(run.spec.logits, LogitStorage::None);
    EXPECT_EQ(recording->run("").id, run.id) << "a snapshot is not the latest run";
    const auto snapshots = recording->trainSnapshots(run);
    ASSERT_EQ(snapshots.size(), 2U);
    EXPECT_EQ(snapshots[1].step, 4);
    const RunInfo snapshot = recording->run("out@4");
    EXPECT_EQ(snapshot.id, snapshots[1].run);
    EXPECT_EQ(snapshot.training, run.id);
    EXPECT_EQ(snapshot.trainingStep, 4);
    EXPECT_EQ(snapshot.state, RunState::Complete);
    EXPECT_EQ(snapshot.tokens, 20) << "10 of each domain";
    EXPECT_EQ(snapshot.spec.logits, LogitStorage::None);
    EXPECT_EQ(run.training, RunId{});
    EXPECT_TRUE(recording->trainSteps(snapshot).empty());

    r.config.resume = true; // nothing is made again
    EXPECT_EQ(train(r)[0].steps, 5);
    EXPECT_EQ(Recording::open(r.db)->runs().size(), 3U);
    mergeRecordings({r.db}, m_folder / "merged.moescope");
    const auto merged = Recording::open(m_folder / "merged.moescope");
    EXPECT_EQ(merged->trainSnapshots(merged->run("out")).size(), 2U);
    EXPECT_EQ(merged->trainSteps(merged->run("out"))[1].losses, recording->trainSteps(run)[1].losses);
    removeRun(r.db, "out");
    EXPECT_EQ(Recording::open(r.db)->runs().size(), 2U) << "snapshots are recordings of their own";
}

TEST_F(TrainServiceTest, KeepsTheStrategysLosses) {
    train(request());
    const auto recording = Recording::open(m_folder / "train.moescope");
    const auto steps = recording->trainSteps(recording->run("out"));
    EXPECT_EQ(steps[2].losses, (std::vector<std::pair<std::string, double>>{{"importance", 1.0 / 3}}));
}

TEST_F(TrainServiceTest, UnknownStrategiesAreRefusedBeforeAnythingIsTrained) {
    TrainRequest r = request();
    r.strategies = {"none", "magic"};
    EXPECT_THROW(train(r), Error);
    EXPECT_FALSE(fs::exists(r.db));
}

TEST_F(TrainServiceTest, TokenizesOnce) {
    TrainRequest r = request();
    train(r);
    EXPECT_EQ(m_follower.m_read, 2);
    r.strategies = {"none", "aux"};
    r.seeds = 2;
    const auto models = train(r); // beside the first: the texts are the same
    EXPECT_EQ(m_follower.m_read, 2);
    ASSERT_EQ(models.size(), 4U);
    EXPECT_EQ(models[1].run, "none-s2");
    EXPECT_EQ(models[3].folder, m_folder / "out/aux-s2");
}

TEST_F(TrainServiceTest, AStoppedTrainingGoesOn) {
    TrainRequest r = request();
    m_follower.m_stopAt = 3;
    try {
        train(r);
        ADD_FAILURE() << "not stopped";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Cancelled);
    }
    {
        const auto recording = Recording::open(r.db);
        EXPECT_EQ(recording->run("out").state, RunState::Interrupted);
        EXPECT_EQ(recording->trainSteps(recording->run("out")).size(), 3U);
    }
    m_engine.trained = 2; // the last checkpoint lies before the last step that was recorded
    r.config.resume = true;
    Follower again;
    const auto models = TrainService(m_engine).train(r, again, {});
    EXPECT_EQ(models[0].steps, 5);
    const auto recording = Recording::open(r.db);
    EXPECT_EQ(recording->trainSteps(recording->run("out")).size(), 5U);
    EXPECT_EQ(recording->run("out").state, RunState::Complete);
}

TEST_F(TrainServiceTest, ResumingWithAnotherConfigurationIsRefused) {
    TrainRequest r = request();
    train(r);
    r.config.resume = true;
    EXPECT_EQ(train(r)[0].steps, 5); // complete: nothing to do
    r.config.learningRate *= 2;
    EXPECT_THROW(train(r), Error);
}

TEST_F(TrainServiceTest, MissingPiecesAreNamed) {
    TrainRequest r = request();
    r.tokenizer = m_folder / "missing.json";
    try {
        train(r);
        ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("--tokenizer"));
    }
}

} // namespace moescope
