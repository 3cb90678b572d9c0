#include "db/run_edit.h"

#include <gtest/gtest.h>

#include "db/merge.h"
#include "db/recording_reader.h"
#include "db/run_writer.h"
#include "db/verify.h"
#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"
#include "tests/support/recording_dump.h"

namespace moescope {
namespace {

using sqlite::RecordingReader;

void record(const std::filesystem::path& file, const std::string& name, std::uint32_t seed) {
    auto run = test::makeRun({2, 8, 2, 1500, LogitStorage::F16, ScoreFunction::Softmax, seed});
    run.spec.name = name;
    RunWriter writer(file, run.spec, run.documents, run.pieces);
    run.deliverAll(writer, 0, 600);
    writer.finish(RunState::Complete);
}

TEST(RunEdit, RenamesNotesAndRemoves) {
    const test::TemporaryFolder folder;
    const auto file = folder / "a.db";
    record(file, "one", 1);
    record(file, "two", 2);
    renameRun(file, "1", "first");
    noteRun(file, "two", "a note");
    EXPECT_EQ(RecordingReader(file).run("first").id, RunId{1});
    EXPECT_EQ(RecordingReader(file).run("two").note, "a note");
    EXPECT_THROW(renameRun(file, "two", "first"), Error);
    EXPECT_THROW(renameRun(file, "two", ""), Error);
    renameRun(file, "two", "two");
    removeRun(file, "first");
    EXPECT_EQ(RecordingReader(file).runs().size(), 1U);
    EXPECT_EQ(test::query(file, "SELECT count(*) FROM layer"), "2|\n");
    EXPECT_EQ(test::query(file, "SELECT count(DISTINCT layer_id) FROM route_block"), "2|\n");
    EXPECT_TRUE(verifyRecording(file).sound());
    EXPECT_THROW(removeRun(file, "first"), Error);
    EXPECT_THROW(removeRun(folder / "none.db", "first"), Error);
    EXPECT_FALSE(std::filesystem::exists(folder / "none.db"));
}

TEST(RunEdit, LeavesARunAloneThatIsBeingRecorded) {
    const test::TemporaryFolder folder;
    const auto run = test::makeRun({});
    RunWriter writer(folder / "a.db", run.spec, run.documents, run.pieces);
    EXPECT_THROW(removeRun(folder / "a.db", "run"), Error);
    noteRun(folder / "a.db", "run", "while it runs");
    run.deliverAll(writer, 0, 1000);
    writer.finish(RunState::Complete);
    EXPECT_EQ(RecordingReader(folder / "a.db").run("run").note, "while it runs");
}

TEST(Merge, JoinsRunsUnderNamesOfTheirOwn) {
    const test::TemporaryFolder folder;
    record(folder / "a.db", "one", 1);
    record(folder / "a.db", "two", 2);
    record(folder / "b.db", "one", 3);
    const auto result = mergeRecordings({folder / "a.db", folder / "b.db"}, folder / "c.db");
    EXPECT_EQ(result.runs, 3);
    ASSERT_EQ(result.renamed.size(), 1U);
    EXPECT_EQ(result.renamed[0].second, "one-2");
    EXPECT_TRUE(verifyRecording(folder / "c.db").sound());
    renameRun(folder / "b.db", "one", "one-2");
    EXPECT_TRUE(test::dump(folder / "c.db") == test::dump(folder / "a.db") + test::dump(folder / "b.db"));
    EXPECT_EQ(RecordingReader(folder / "c.db").run("one-2").created,
              RecordingReader(folder / "b.db").run("one-2").created);
}

// What a replay or a resumed recording takes from the file must be what was recorded, in every field.
TEST(Merge, KeepsTheGates) {
    const test::TemporaryFolder folder;
    auto run = test::makeRun({2, 8, 2, 100, LogitStorage::F32, ScoreFunction::SparseMixer, 7});
    run.spec.layers[0].moe.jitter = 0.1F;
    {
        RunWriter writer(folder / "a.db", run.spec, run.documents, run.pieces);
        run.deliverAll(writer, 0, 100);
        writer.finish(RunState::Complete);
    }
    mergeRecordings({folder / "a.db"}, folder / "b.db");
    EXPECT_EQ(RecordingReader(folder / "a.db").run("run").spec.layers, run.spec.layers);
    EXPECT_EQ(RecordingReader(folder / "b.db").run("run").spec.layers, run.spec.layers);
}

TEST(Merge, MakesNothingWhereItCannot) {
    const test::TemporaryFolder folder;
    record(folder / "a.db", "one", 1);
    EXPECT_THROW(mergeRecordings({folder / "a.db", folder / "none.db"}, folder / "c.db"), Error);
    EXPECT_FALSE(std::filesystem::exists(folder / "c.db"));
    EXPECT_THROW(mergeRecordings({folder / "a.db"}, folder / "a.db"), Error);
}

TEST(Merge, TakesARunInTheMakingAsOfItsLastCommit) {
    const test::TemporaryFolder folder;
    const auto run = test::makeRun({});
    RunWriter writer(folder / "a.db", run.spec, run.documents, run.pieces);
    run.deliver(writer, 0, 1100);
    writer.tokens({1100, std::span(run.tokenIds).subspan(1100, 1900), Phase::Prompt});
    writer.routing(run.block(0, 1100, 3000));
    writer.flush();
    mergeRecordings({folder / "a.db"}, folder / "c.db");
    const auto info = RecordingReader(folder / "c.db").run("run");
    EXPECT_EQ(info.state, RunState::Interrupted);
    EXPECT_EQ(info.tokens, 1100);
    EXPECT_TRUE(verifyRecording(folder / "c.db").sound());
}

} // namespace
} // namespace moescope
