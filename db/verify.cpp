#include "db/verify.h"

#include "db/recording_file.h"
#include "db/run_repository.h"
#include "db/statement.h"
#include "db/verify_run.h"
#include "engine/routing/error.h"

namespace moescope {

using namespace sqlite;

namespace {

constexpr int kListed = 20; // problems of one kind that are spelt out

void checkPages(Connection& connection, VerifyReport& report) {
    Statement pages(connection.handle(), "PRAGMA integrity_check(" + std::to_string(kListed) + ")");
    while (pages.step()) {
        if (pages.text(0) != "ok") {
            report.problems.push_back("SQLite: " + pages.text(0));
        }
    }
    Statement links(connection.handle(), "PRAGMA foreign_key_check");
    while (links.step()) {
        report.problems.push_back("a row of table " + links.text(0) + " belongs to no row of " + links.text(2));
    }
}

double workOf(const std::vector<RunInfo>& runs) {
    double work = 1;
    for (const RunInfo& run : runs) {
        work += double(run.tokens) * double(run.spec.layers.size());
    }
    return work;
}

} // namespace

VerifyReport verifyRecording(const std::filesystem::path& file, const std::function<bool(double)>& progress) {
    const auto connection = openToRead(file);
    connection->execute("BEGIN"); // one state of the file throughout, though a run be recorded meanwhile
    VerifyReport report;
    checkPages(*connection, report);
    if (!report.sound()) {
        return report; // what lies on damaged pages needs no further words
    }
    const auto runs = loadRuns(*connection);
    const double work = workOf(runs);
    double done = 1;
    for (const RunInfo& run : runs) {
        RunVerifier verifier(*connection, run, report);
        verifier.checkTokens();
        for (std::size_t l = 0; l < run.spec.layers.size(); ++l) {
            verifier.checkLayer(l);
            done += double(run.tokens);
            if (progress && !progress(done / work)) {
                throw Error(ErrorCode::Cancelled, "verification stopped");
            }
        }
        ++report.runs;
        report.tokens += run.tokens;
    }
    return report;
}

} // namespace moescope
