#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/service/recording.h"
#include "app/service/runs_report.h"
#include "db/run_edit.h"

namespace moescope::cli {

namespace {

struct RunsOptions {
    std::filesystem::path db;
    bool json = false;
    std::vector<std::string> rename; // run, new name
    std::vector<std::string> note;   // run, text
    std::string remove;
};

int runs(const RunsOptions& options) {
    if (!options.rename.empty())
        renameRun(options.db, options.rename[0], options.rename[1]);
    if (!options.note.empty())
        noteRun(options.db, options.note[0], options.note[1]);
    if (!options.remove.empty())
        removeRun(options.db, options.remove);
    const bool changed = !options.rename.empty() || !options.note.empty() || !options.remove.empty();
    if (changed && !options.json)
        return kSuccess;
    const auto list = Recording::open(options.db)->runs();
    std::cout << (options.json ? runsJson(list) + "\n" : runsText(list));
    return kSuccess;
}

} // namespace

void addRuns(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<RunsOptions>();
    CLI::App* command = app.add_subcommand("runs", "The runs of a recording, with their provenance");
    command->add_option("db", options->db, "The recording")->required();
    command->add_flag("--json", options->json, "Print one JSON array");
    command->add_option("--rename", options->rename, "Give a run another name")->expected(2)->type_name("RUN NAME");
    command->add_option("--note", options->note, "Set a run's note")->expected(2)->type_name("RUN TEXT");
    command->add_option("--delete", options->remove, "Delete a run")->type_name("RUN");
    command->callback([options, &context] { context.work = [options] { return runs(*options); }; });
}

} // namespace moescope::cli
