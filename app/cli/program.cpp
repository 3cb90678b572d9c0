#include "app/cli/program.h"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/command_context.h"
#include "app/cli/command_line.h"
#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/interrupt.h"
#include "app/gui/gui_loader.h"
#include "app/service/version.h"
#include "engine/routing/error.h"
#include "ui/render.h"

namespace moescope::cli {

namespace {

void complain(const std::string& message) {
    std::fprintf(stderr, "moescope: %s\n", message.c_str());
}

int usageError(const CLI::App& app, const CLI::ParseError& error) {
    const auto chosen = app.get_subcommands();
    const std::string command = chosen.empty() ? "moescope" : "moescope " + chosen.front()->get_name();
    complain(fmt::format("{} (see `{} --help`)", error.what(), command));
    return kUsage;
}

// Runs the work and turns an exception into its exit status.
int runWork(const std::function<int()>& work) {
    try {
        const int status = work();
        std::cout.flush();
        if (!std::cout)
            throw Error(ErrorCode::Io, "standard output could not be written; check the disk or the program it feeds");
        return status;
    } catch (const Error& error) {
        complain(error.what());
        return error.code() == ErrorCode::Cancelled ? kInterrupted : kFailure;
    } catch (const CLI::ValidationError& error) { // an argument that only a module can judge
        complain(error.what());
        return kUsage;
    } catch (const std::bad_alloc&) {
        complain("out of memory; close other programs, or use a smaller --batch-tokens or --context");
    } catch (const std::exception& error) {
        complain(error.what());
    }
    return kFailure;
}

void addGlobalOptions(CLI::App& app, CommandContext& context) {
    app.set_version_flag("--version", fmt::format("moescope {}", programVersion()));
    app.add_flag_callback(
           "-q,--quiet", [&context] { context.verbosity = Verbosity::Quiet; }, "No progress, only errors")
        ->trigger_on_parse();
    app.add_flag_callback(
           "-v,--verbose", [&context] { context.verbosity = Verbosity::Verbose; },
           "Say more; progress as lines where stderr is no terminal")
        ->trigger_on_parse();
    app.add_option("--threads", context.threads, "Threads to compute with (default: one for each core)")
        ->check(CLI::Range(1, 1024));
}

void addCommands(CLI::App& app, CommandContext& context) {
    addInspect(app, context);
    addTokenize(app, context);
    addVerify(app, context);
    addRecord(app, context);
    addAblate(app, context);
    addBench(app, context);
    addTrain(app, context);
    addImport(app, context);
    addRuns(app, context);
    addExport(app, context);
    addRender(app, context);
    addCompare(app, context);
    addReplay(app, context);
    addDossier(app, context);
    addSql(app, context);
    addVerifyDb(app, context);
    addMerge(app, context);
}

bool isRecording(const std::string& word) {
    std::error_code ignored;
    return word.rfind("moescope://", 0) == 0 || std::filesystem::exists(word, ignored);
}

int runCommand(CommandContext& context, const std::vector<std::string>& words) {
    if (!words.empty()) {
        complain(fmt::format("the argument '{}' was not expected", words.front()));
        return kUsage;
    }
    const Interrupt interrupt;
    context.stop = interrupt.token();
    return runWork(context.work);
}

// Ctrl-C keeps its usual meaning while the window is open.
int openWindow(const std::vector<std::string>& words, const std::vector<std::string>& runs) {
    if (runs.size() > kMostComparedRuns) {
        complain(fmt::format("--run: the window holds at most {} runs beside each other, not {}", kMostComparedRuns,
                             runs.size()));
        return kUsage;
    }
    for (const std::string& word : words)
        if (!isRecording(word)) {
            complain(fmt::format("'{}' is neither a command nor a file (see `moescope --help`)", word));
            return kUsage;
        }
    return runWork([&] { return loadGui().openWindow(words, runs); });
}

} // namespace

int runProgram(int argc, char** argv) {
    CommandContext context;
    context.commandLine = commandLine(argc, argv);
    CLI::App app{"MoEScope shows what the routers of mixture-of-experts models do.\n"
                 "Without a command it opens the window.",
                 "moescope"};
    app.fallthrough(); // global options may follow the command
    app.require_subcommand(0, 1);
    addGlobalOptions(app, context);
    addCommands(app, context);
    std::vector<std::string> words; // that belong to no command
    app.add_option("recordings", words, "Recordings, or moescope:// links to a selection, to open in the window");
    std::vector<std::string> runs;
    app.add_option("--run", runs, "For the window: the run to show, and others to compare it with, with commas")
        ->delimiter(',');
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) { // --help, --version
        return app.exit(success);
    } catch (const CLI::ParseError& error) {
        return usageError(app, error);
    }
    if (context.work && !runs.empty()) {
        complain("--run was not expected here");
        return kUsage;
    }
    return context.work ? runCommand(context, words) : openWindow(words, runs);
}

} // namespace moescope::cli
