// The program that kill_torture.sh kills.
//   db_torture record FILE            begins the run, or resumes it where it was interrupted
//   db_torture check FILE REFERENCE   fails unless FILE is sound and, if complete, holds what REFERENCE holds
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <memory>

#include "db/recording_reader.h"
#include "db/run_writer.h"
#include "db/verify.h"
#include "tests/support/recorded_run.h"
#include "tests/support/recording_dump.h"

namespace {

using namespace moescope;

std::unique_ptr<RunWriter> beginOrResume(const std::filesystem::path& file, const test::RecordedRun& run) {
    if (std::filesystem::exists(file) && !sqlite::RecordingReader(file).runs().empty()) {
        return RunWriter::resume(file, "run", run.spec, run.documents);
    }
    return std::make_unique<RunWriter>(file, run.spec, run.documents, run.pieces);
}

int record(const std::filesystem::path& file) {
    const auto run = test::makeRun({12, 64, 4, 20'000, LogitStorage::F16, ScoreFunction::Softmax, 1});
    const auto writer = beginOrResume(file, run);
    run.deliverAll(*writer, writer->committed(), 700);
    writer->finish(RunState::Complete);
    return 0;
}

int check(const std::filesystem::path& file, const std::filesystem::path& reference) {
    const auto report = verifyRecording(file);
    for (const std::string& problem : report.problems) {
        std::printf("%s\n", problem.c_str());
    }
    const auto runs = sqlite::RecordingReader(file).runs();
    const bool complete = !runs.empty() && runs[0].state == RunState::Complete;
    if (!runs.empty() && runs[0].state == RunState::Recording) {
        std::printf("the run shows as being recorded, though its writer is dead\n");
        return 1;
    }
    if (complete && test::dump(file) != test::dump(reference)) {
        std::printf("the completed run differs from an uninterrupted one\n");
        return 1;
    }
    std::printf("%s, %lld tokens\n", complete ? "complete" : "interrupted", static_cast<long long>(report.tokens));
    return report.sound() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc == 3 && std::strcmp(argv[1], "record") == 0) {
            return record(argv[2]);
        }
        if (argc == 4 && std::strcmp(argv[1], "check") == 0) {
            return check(argv[2], argv[3]);
        }
        std::fprintf(stderr, "usage: db_torture record FILE | check FILE REFERENCE\n");
        return 2;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "db_torture: %s\n", e.what());
        return 1;
    }
}
