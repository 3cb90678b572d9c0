// What is left when the writing process dies or the disk is full.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/recording_reader.h"
#include "db/run_writer.h"
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

// A child process that records the run, telling nobody when it is done.
pid_t recordInChild(const std::filesystem::path& file, const RecordedRun& run, const std::function<void()>& before) {
    const pid_t child = fork();
    if (child == 0) {
        try {
            before();
            RunWriter writer(file, run.spec, run.documents, run.pieces);
            run.deliverAll(writer, 0, 500);
            writer.finish(RunState::Complete);
            _exit(0);
        } catch (const Error& e) {
            _exit(e.code() == ErrorCode::Io ? 17 : 18);
        } catch (...) {
            _exit(19);
        }
    }
    return child;
}

void completeAndCompare(const std::filesystem::path& file, const RecordedRun& run, const std::string& whole) {
    const auto info = RecordingReader(file).run("run");
    ASSERT_EQ(info.state, RunState::Interrupted);
    ASSERT_THAT(verifyRecording(file).problems, testing::IsEmpty());
    const auto writer = RunWriter::resume(file, "run", run.spec, run.documents);
    run.deliverAll(*writer, writer->committed(), 500);
    writer->finish(RunState::Complete);
    EXPECT_TRUE(dump(file) == whole) << "the completed run differs";
    EXPECT_THAT(verifyRecording(file).problems, testing::IsEmpty());
}

// Waits until the child has committed `tokens`; false where it ended before.
bool waitForTokens(const std::filesystem::path& file, TokenIndex tokens, pid_t child) {
    while (waitpid(child, nullptr, WNOHANG) == 0) {
        if (std::filesystem::exists(file)) {
            RecordingReader reader(file);
            const auto runs = reader.runs();
            if (!runs.empty() && runs[0].tokens >= tokens) {
                return true;
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
}

TEST(Crash, KilledAnywhereLeavesAWholeRunThatCanBeCompleted) {
    const TemporaryFolder folder;
    const auto run = makeRun({6, 64, 4, 6000, LogitStorage::F16, ScoreFunction::Softmax, 3});
    {
        RunWriter writer(folder / "whole.db", run.spec, run.documents, run.pieces);
        run.deliverAll(writer, 0, 500);
        writer.finish(RunState::Complete);
    }
    const std::string whole = dump(folder / "whole.db");
    int interrupted = 0;
    for (const TokenIndex tokens : {0, 500, 2500, 4000}) {
        const auto file = folder / ("killed" + std::to_string(tokens) + ".db").c_str();
        const pid_t child = recordInChild(file, run, [] {});
        if (!waitForTokens(file, tokens, child)) {
            continue;
        }
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        if (RecordingReader(file).run("run").state != RunState::Complete) {
            ++interrupted;
            completeAndCompare(file, run, whole);
        }
    }
    EXPECT_GT(interrupted, 0);
}

TEST(Crash, AFullDiskKeepsWhatWasCommitted) {
    const TemporaryFolder folder;
    const auto run = makeRun({6, 64, 4, 6000, LogitStorage::F32, ScoreFunction::Softmax, 3});
    {
        RunWriter writer(folder / "whole.db", run.spec, run.documents, run.pieces);
        run.deliverAll(writer, 0, 500);
        writer.finish(RunState::Complete);
    }
    const pid_t child = recordInChild(folder / "full.db", run, [] {
        std::signal(SIGXFSZ, SIG_IGN); // writes fail with EFBIG instead
        const rlimit limit{4U << 20, 4U << 20};
        setrlimit(RLIMIT_FSIZE, &limit);
    });
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_EQ(WEXITSTATUS(status), 17); // Error(Io)
    EXPECT_GT(RecordingReader(folder / "full.db").run("run").tokens, 0);
    completeAndCompare(folder / "full.db", run, dump(folder / "whole.db"));
}

TEST(Crash, ADiskThatIsFullFromTheStartIsLeftAsItWas) {
    const TemporaryFolder folder;
    const auto run = makeRun({});
    const pid_t child = recordInChild(folder / "full.db", run, [] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{20000, 20000};
        setrlimit(RLIMIT_FSIZE, &limit);
    });
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(WEXITSTATUS(status), 17);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Crash, WhatAKilledProcessLeftBesideTheFileIsRemovedByTheNext) {
    const TemporaryFolder folder;
    const RecordedRun run = makeRun({6, 64, 4, 6000, LogitStorage::F16, ScoreFunction::Softmax, 3});
    const auto file = folder / "r.moescope";
    const pid_t dead = fork();
    if (dead == 0) {
        _exit(0);
    }
    waitpid(dead, nullptr, 0);
    const auto leftover = folder / (".r.moescope.new-" + std::to_string(dead)).c_str();
    const auto ofAnother = folder / (".r.moescope.new-" + std::to_string(getppid())).c_str();
    for (const auto& path : {leftover, ofAnother}) {
        std::ofstream(path) << "x";
    }
    RunWriter writer(file, run.spec, run.documents, run.pieces);
    EXPECT_FALSE(std::filesystem::exists(leftover));
    EXPECT_TRUE(std::filesystem::exists(ofAnother)) << "its process is there";
}

} // namespace
} // namespace moescope
