#pragma once

#include "app/cli/command_context.h"

namespace CLI {
class App;
}

namespace moescope::cli {

// Each declares one command: its options, its help, and the work it puts into the context when it is chosen. One file
// a command.
void addInspect(CLI::App& app, CommandContext& context);
void addTokenize(CLI::App& app, CommandContext& context);
void addVerify(CLI::App& app, CommandContext& context);
void addRecord(CLI::App& app, CommandContext& context);
void addAblate(CLI::App& app, CommandContext& context);
void addBench(CLI::App& app, CommandContext& context);
void addTrain(CLI::App& app, CommandContext& context);
void addImport(CLI::App& app, CommandContext& context);
void addRuns(CLI::App& app, CommandContext& context);
void addExport(CLI::App& app, CommandContext& context);
void addRender(CLI::App& app, CommandContext& context);
void addCompare(CLI::App& app, CommandContext& context);
void addReplay(CLI::App& app, CommandContext& context);
void addSql(CLI::App& app, CommandContext& context);
void addVerifyDb(CLI::App& app, CommandContext& context);
void addDossier(CLI::App& app, CommandContext& context);
void addMerge(CLI::App& app, CommandContext& context);

} // namespace moescope::cli
