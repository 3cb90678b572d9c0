#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/intervention_options.h"
#include "app/cli/record_options.h"
#include "app/cli/record_progress.h"
#include "app/cli/validators.h"
#include "app/service/record_report.h"
#include "app/service/record_service.h"
#include "engine/session/engine_loader.h"

namespace moescope::cli {

namespace {

struct RecordCommand {
    RecordOptions options;
    InterventionOptions intervention;
    bool json = false;
};

int record(const RecordCommand& command, const CommandContext& context) {
    RecordRequest request = command.options.read(context);
    request.intervention = command.intervention.read();
    RecordSummary summary;
    {
        RecordProgressBar progress(context);
        summary = RecordService(loadEngine()).record(request, progress, context.stop);
    }
    std::cout << (command.json ? recordSummaryJson(summary) : recordSummaryText(summary, request.db)) << '\n';
    return kSuccess;
}

void addKeeping(CLI::App& command, RecordCommand& options) {
    RecordRequest& request = options.options.request;
    command.add_option("--generate", request.generate, "Go on with so many tokens after each document")
        ->check(positiveNumber());
    command.add_option("--temperature", request.temperature, "Of generation; 0: always the likeliest token")
        ->check(nonNegativeNumber())
        ->capture_default_str();
    command.add_option("--top-p", request.topP, "Draw from the likeliest tokens that together have this probability")
        ->check(CLI::Range(1e-6, 1.0))
        ->capture_default_str();
    command.add_option("--seed", request.seed, "Of what is drawn")->capture_default_str();
    command.add_option("--logits", request.logits, "auto (f32 up to 64 experts, f16 above), f32, f16 or none")
        ->check(CLI::IsMember({"auto", "f32", "f16", "none"}))
        ->capture_default_str();
    command.add_option("--nll", options.options.nll, "on or off: -ln P of every token, which costs the model's head")
        ->check(CLI::IsMember({"on", "off"}))
        ->capture_default_str();
    command.add_flag("--no-text", options.options.noText, "Store no pieces of text, only ids");
    command.add_flag("--resume", request.resume, "Go on with an interrupted run; begin it where there is none");
    command.add_flag("--json", options.json, "Print the summary as one JSON object");
}

} // namespace

void addRecord(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<RecordCommand>();
    CLI::App* command = app.add_subcommand("record", "Run a model over texts and record its routing");
    addRecordOptions(*command, options->options);
    addKeeping(*command, *options);
    addInterventionOptions(*command, options->intervention);
    command->callback(
        [options, &context] { context.work = [options, &context] { return record(*options, context); }; });
}

} // namespace moescope::cli
