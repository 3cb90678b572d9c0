#include "db/run_writer.h"

#include <atomic>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/recording_reader.h"
#include "db/verify.h"
#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"
#include "tests/support/recording_dump.h"

namespace moescope {
namespace {

using sqlite::RecordingReader;
using test::dump;
using test::makeRun;
using test::RecordedRun;
using test::TemporaryFolder;

std::string messageOf(const std::function<void()>& work, ErrorCode code) {
    try {
        work();
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), code) << e.what();
        return e.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return "";
}

void recordWhole(const std::filesystem::path& file, const RecordedRun& run, TokenIndex batch) {
    RunWriter writer(file, run.spec, run.documents, run.pieces);
    run.deliverAll(writer, 0, batch);
    writer.finish(RunState::Complete);
}

// Writes up to the commit at `end`, something beyond it, and leaves without a word.
void recordPart(const std::filesystem::path& file, const RecordedRun& run, TokenIndex end, TokenIndex beyond) {
    RunWriter writer(file, run.spec, run.documents, run.pieces);
    run.deliver(writer, 0, end);
    const auto n = std::size_t(beyond - end);
    writer.tokens({end, std::span(run.tokenIds).subspan(std::size_t(end), n), Phase::Prompt});
    writer.routing(run.block(0, end, beyond));
}

TEST(RunWriter, AResumedRunIsAnUninterruptedOne) {
    std::mt19937 random(5);
    for (int round = 0; round < 12; ++round) {
        const TemporaryFolder folder;
        const auto experts = std::int32_t(1 + random() % 300);
        const auto k = std::int32_t(1 + random() % std::uint32_t(std::min(experts, 8)));
        const auto run =
            makeRun({2, experts, k, 1700, LogitStorage(random() % 3), ScoreFunction::Softmax, std::uint32_t(random())});
        recordWhole(folder / "whole.db", run, 1024);
        const auto end = TokenIndex(random() % 1600) + 1;
        recordPart(folder / "parts.db", run, end, end + TokenIndex(random() % 100));
        ASSERT_EQ(RecordingReader(folder / "parts.db").run("run").state, RunState::Interrupted);
        ASSERT_THAT(verifyRecording(folder / "parts.db").problems, testing::IsEmpty());
        const auto writer = RunWriter::resume(folder / "parts.db", "run", run.spec, run.documents);
        ASSERT_EQ(writer->committed(), end);
        run.deliverAll(*writer, end, 1 + TokenIndex(random() % 1200));
        writer->finish(RunState::Complete);
        EXPECT_TRUE(dump(folder / "parts.db") == dump(folder / "whole.db")) << experts << " experts, top " << k;
        EXPECT_THAT(verifyRecording(folder / "parts.db").problems, testing::IsEmpty());
    }
}

TEST(RunWriter, RefusesToResumeSomethingElse) {
    const TemporaryFolder folder;
    const auto run = makeRun({});
    recordPart(folder / "a.db", run, 1000, 1000);
    auto other = run;
    other.spec.resumeKey = "other";
    other.spec.provenance[0].second = "2";
    other.documents[1].name = "renamed";
    const auto message =
        messageOf([&] { RunWriter::resume(folder / "a.db", "run", other.spec, other.documents); }, ErrorCode::Conflict);
    EXPECT_THAT(message, testing::HasSubstr("seed was '1' and is now '2'"));
    EXPECT_THAT(message, testing::HasSubstr("'renamed'"));
    messageOf([&] { RunWriter::resume(folder / "a.db", "none", run.spec, run.documents); }, ErrorCode::NotFound);
    messageOf([&] { RunWriter::resume(folder / "b.db", "run", run.spec, run.documents); }, ErrorCode::NotFound);
    const auto writer = RunWriter::resume(folder / "a.db", "run", run.spec, run.documents);
    EXPECT_THAT(
        messageOf([&] { RunWriter::resume(folder / "a.db", "run", run.spec, run.documents); }, ErrorCode::Conflict),
        testing::HasSubstr("being recorded"));
    run.deliverAll(*writer, 1000, 700);
    writer->finish(RunState::Complete);
    EXPECT_THAT(
        messageOf([&] { RunWriter::resume(folder / "a.db", "run", run.spec, run.documents); }, ErrorCode::Conflict),
        testing::HasSubstr("complete"));
}

TEST(RunWriter, NamesAreUnique) {
    const TemporaryFolder folder;
    const auto run = makeRun({1, 4, 1, 10, LogitStorage::None, ScoreFunction::Softmax, 1});
    recordWhole(folder / "a.db", run, 10);
    EXPECT_THAT(messageOf([&] { RunWriter(folder / "a.db", run.spec, run.documents, {}); }, ErrorCode::Conflict),
                testing::HasSubstr("--name"));
}

TEST(RunWriter, ReadersSeeCommitsAndNothingBeyond) {
    const TemporaryFolder folder;
    const auto run = makeRun({});
    RunWriter writer(folder / "a.db", run.spec, run.documents, run.pieces);
    RecordingReader reader(folder / "a.db");
    EXPECT_EQ(reader.run("run").state, RunState::Recording);
    EXPECT_EQ(reader.run("run").tokens, 0);
    run.deliver(writer, 0, 1500);
    writer.flush();
    EXPECT_EQ(writer.committed(), 1500);
    writer.tokens({1500, std::span(run.tokenIds).subspan(1500, 1500), Phase::Prompt});
    writer.routing(run.block(0, 1500, 3000));
    writer.flush();
    const auto info = reader.run("run");
    EXPECT_EQ(info.tokens, 1500);
    EXPECT_EQ(reader.summaries(info, {})[0].tokens, 1500);
    EXPECT_EQ(reader.tokens(info, 0, 9999).size(), 1500U);
    EXPECT_EQ(test::query(folder / "a.db", "SELECT count(*), max(token) FROM routing"), "9000|1499|\n");
}

TEST(RunWriter, AReaderAlongsideSeesWholeCommitsOnly) {
    const TemporaryFolder folder;
    const auto run = makeRun({4, 16, 2, 6000, LogitStorage::F16, ScoreFunction::Softmax, 9});
    RunWriter writer(folder / "a.db", run.spec, run.documents, run.pieces);
    std::atomic<bool> done = false;
    std::thread thread([&] {
        RecordingReader reader(folder / "a.db");
        while (!done) {
            const auto info = reader.run("run");
            std::int64_t tokens = 0;
            reader.eachRouting(info, {}, true, [&](const RoutingBlock& block) {
                tokens += block.tokens;
                const std::size_t l = std::size_t(block.layer.value - 1) / 2;
                EXPECT_THAT(block.ids, testing::ElementsAreArray(run.block(l, block.first, block.end()).ids));
            });
            EXPECT_EQ(tokens, 4 * info.tokens);
            const auto sums = reader.summaries(info, {});
            EXPECT_EQ(sums[0].tokens, sums[3].tokens);
            EXPECT_GE(sums[0].tokens, info.tokens);
        }
    });
    run.deliverAll(writer, 0, 100);
    writer.finish(RunState::Complete);
    done = true;
    thread.join();
}

TEST(RunWriter, WaitsForRoomInTheQueueAndLosesNothing) {
    const TemporaryFolder folder;
    const auto run = makeRun({3, 64, 4, 3000, LogitStorage::F32, ScoreFunction::Softmax, 4});
    RunWriter writer(folder / "a.db", run.spec, run.documents, run.pieces, {1000});
    run.deliverAll(writer, 0, 50);
    writer.finish(RunState::Complete);
    recordWhole(folder / "b.db", run, 3000);
    EXPECT_TRUE(dump(folder / "a.db") == dump(folder / "b.db"));
}

TEST(RunWriter, LeavesNothingWhereNothingWasCommitted) {
    const TemporaryFolder folder;
    const auto run = makeRun({});
    { const RunWriter writer(folder / "a.db", run.spec, run.documents, run.pieces); }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    recordWhole(folder / "a.db", run, 1000);
    auto other = run.spec;
    other.name = "other";
    { const RunWriter writer(folder / "a.db", other, run.documents, run.pieces); }
    EXPECT_EQ(RecordingReader(folder / "a.db").runs().size(), 1U);
}

TEST(RunWriter, MakesNoFileWhereItCannot) {
    const TemporaryFolder folder;
    auto run = makeRun({});
    messageOf([&] { RunWriter(folder.path() / "none" / "a.db", run.spec, run.documents, {}); }, ErrorCode::NotFound);
    std::ofstream(folder / "text.db") << "not a database, but longer than its header would be: "
                                      << std::string(200, '.');
    messageOf([&] { RunWriter(folder / "text.db", run.spec, run.documents, {}); }, ErrorCode::Corruption);
    run.documents[1].first += 1;
    messageOf([&] { RunWriter(folder / "a.db", run.spec, run.documents, {}); }, ErrorCode::InvalidArgument);
    EXPECT_FALSE(std::filesystem::exists(folder / "a.db"));
}

TEST(RunWriter, RefusesWhatIsOutOfOrder) {
    const TemporaryFolder folder;
    const auto run = makeRun({});
    RunWriter writer(folder / "a.db", run.spec, run.documents, run.pieces);
    const auto bad = [&](const std::function<void()>& work) { messageOf(work, ErrorCode::InvalidArgument); };
    bad([&] { writer.routing(run.block(0, 0, 10)); }); // before its tokens
    bad([&] { writer.tokens({5, std::span(run.tokenIds).first(5), Phase::Prompt}); });
    writer.tokens({0, std::span(run.tokenIds).first(100), Phase::Prompt});
    bad([&] { writer.routing(run.block(0, 10, 20)); });
    bad([&] { writer.routing(run.block(0, 0, 10, false)); }); // without logits
    auto elsewhere = run.block(0, 0, 10);
    elsewhere.layer = LayerId{2};
    bad([&] { writer.routing(elsewhere); });
    writer.routing(run.block(0, 0, 100));
    bad([&] { writer.commit(100); }); // the other layers are missing
    bad([&] { writer.nll(50, std::span(run.nll).first(100)); });
    bad([&] { writer.finish(RunState::Complete); });
}

TEST(RunWriter, DocumentsGrowAsTokensAreGenerated) {
    const TemporaryFolder folder;
    auto run = makeRun({1, 8, 2, 300, LogitStorage::F16, ScoreFunction::Softmax, 6});
    RunWriter writer(folder / "a.db", run.spec, {{"prompt", "chat", 0, 100}}, {{1, "a"}});
    const auto send = [&](TokenIndex begin, TokenIndex end, Phase phase) {
        writer.tokens({begin, std::span(run.tokenIds).subspan(std::size_t(begin), std::size_t(end - begin)), phase});
        writer.routing(run.block(0, begin, end));
        writer.commit(end);
    };
    send(0, 100, Phase::Prompt);
    EXPECT_THROW(send(100, 101, Phase::Generated), Error);
    writer.setDocuments({{"prompt", "chat", 0, 150}, {"next", "code", 150, 10}});
    writer.addPieces(run.pieces);
    send(100, 160, Phase::Generated);
    EXPECT_THROW(writer.setDocuments({{"prompt", "prose", 0, 150}}), Error);
    writer.finish(RunState::Complete);
    EXPECT_THAT(verifyRecording(folder / "a.db").problems, testing::IsEmpty());
    EXPECT_EQ(test::query(folder / "a.db", "SELECT document, phase, count(*) FROM tokens GROUP BY 1, 2 ORDER BY 1, 2"),
              "next|generated|10|\nprompt|generated|50|\nprompt|prompt|100|\n");
}

TEST(RunWriter, StopsWhereTheRunIsTakenAway) {
    const TemporaryFolder folder;
    const auto run = makeRun({});
    RunWriter writer(folder / "a.db", run.spec, run.documents, run.pieces);
    run.deliver(writer, 0, 10);
    writer.flush();
    sqlite::Connection other(folder / "a.db", sqlite::Access::Write);
    other.execute("UPDATE run SET writer='someone else'");
    run.deliver(writer, 10, 20);
    messageOf([&] { writer.flush(); }, ErrorCode::Conflict);
    messageOf([&] { run.deliver(writer, 20, 30); }, ErrorCode::Conflict); // and every call after
}

} // namespace
} // namespace moescope
