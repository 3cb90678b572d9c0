#include <cstdio>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/progress_bar.h"
#include "app/service/counted.h"
#include "db/verify.h"
#include "engine/routing/error.h"

namespace moescope::cli {

namespace {

int verifyDb(const std::filesystem::path& db, const CommandContext& context) {
    VerifyReport report;
    {
        ProgressBar bar("verify", "%", context);
        report = verifyRecording(db, [&](double done) {
            bar.update(std::int64_t(done * 100), 100);
            return !context.stop.stop_requested();
        });
    }
    for (const std::string& problem : report.problems)
        std::cout << problem << '\n';
    if (!report.sound())
        throw Error(ErrorCode::Corruption, fmt::format("{}: {}; restore the file from a copy or record again",
                                                       db.string(), counted(report.problems.size(), "problem")));
    std::cout << fmt::format("{}: sound; {}, {}, {}\n", db.string(), counted(report.runs, "run"),
                             counted(report.tokens, "token"), counted(report.blocks, "routing block"));
    return kSuccess;
}

} // namespace

void addVerifyDb(CLI::App& app, CommandContext& context) {
    auto db = std::make_shared<std::filesystem::path>();
    CLI::App* command = app.add_subcommand("verify-db", "Check a recording from end to end");
    command->add_option("db", *db, "The recording")->required();
    command->callback([db, &context] { context.work = [db, &context] { return verifyDb(*db, context); }; });
}

} // namespace moescope::cli
