#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/computing_options.h"
#include "app/cli/exit_status.h"
#include "app/cli/progress_bar.h"
#include "app/cli/validators.h"
#include "app/service/bench_recording.h"
#include "app/service/bench_report.h"
#include "app/service/bench_service.h"
#include "engine/session/engine_loader.h"

namespace moescope::cli {

namespace {

struct BenchOptions {
    BenchRequest request;
    bool json = false;
};

int bench(BenchOptions options, const CommandContext& context) {
    BenchRequest& request = options.request;
    request.threads = context.threads;
    BenchRecording recording(request.model, request.documentTokens, request.nll);
    BenchResult result;
    {
        ProgressBar bar("bench", "runs", context);
        result = benchModel(
            loadEngine(), request, [&](std::int64_t documents) { return recording.next(documents); },
            [&](int done, int total) {
                recording.clear(); // here, where no time is taken
                bar.update(done, total);
            },
            context.stop);
    }
    std::cout << (options.json ? benchJson(result) + "\n" : benchText(result));
    return kSuccess;
}

} // namespace

void addBench(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<BenchOptions>();
    BenchRequest& request = options->request;
    CLI::App* command = app.add_subcommand("bench", "Speed of a model on this machine, with recording and without");
    command->add_option("model", request.model, "Model folder")->required();
    command->add_flag("--json", options->json, "Print one JSON object");
    addComputingOptions(*command, request.device, request.dtype, request.expertWeights);
    command->add_option("--documents", request.documents, "Documents of a batch")
        ->check(positiveNumber())
        ->capture_default_str();
    command->add_option("--context", request.documentTokens, "Tokens of a document, one window each")
        ->check(positiveNumber())
        ->capture_default_str();
    command->add_option("--seconds", request.seconds, "A run takes at least so long, batch after batch")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command->add_option("--pairs", request.pairs, "Runs with recording and without, in turn")
        ->check(positiveNumber())
        ->capture_default_str();
    command
        ->add_option_function<std::string>(
            "--nll", [&request](const std::string& value) { request.nll = value == "on"; }, "on or off (default: off)")
        ->check(CLI::IsMember({"on", "off"}));
    command->callback([options, &context] { context.work = [options, &context] { return bench(*options, context); }; });
}

} // namespace moescope::cli
