#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/progress_bar.h"
#include "app/cli/validators.h"
#include "app/service/inspect_report.h"
#include "app/service/record_report.h"
#include "app/service/record_service.h"
#include "engine/session/engine_loader.h"

namespace moescope::cli {

namespace {

struct RecordOptions {
    RecordRequest request;
    std::vector<std::string> inputs; // PATH[=DOMAIN]
    std::string nll = "on";
    bool noText = false;
    bool json = false;
};

class RecordProgressBar : public RecordObserver {
public:
    explicit RecordProgressBar(const CommandContext& context) : m_bar("record", "tokens", context) {}

    void planned(const MemoryPlan& plan, std::int64_t batchTokens, int threads) override {
        if (plan.streamed)
            m_bar.message(memoryPlanText(plan, batchTokens, threads));
    }
    void started(const std::string& run, const RecordProgress& progress) override {
        if (progress.resumed > 0)
            m_bar.message(fmt::format("run {}: going on behind {} tokens", run, grouped(progress.resumed)));
        this->progress(progress);
    }
    void progress(const RecordProgress& progress) override {
        m_bar.update(progress.done, progress.total, progress.resumed);
    }

private:
    ProgressBar m_bar;
};

// "PATH=DOMAIN"; a path that exists as written is taken whole.
TextInput parseInput(const std::string& text) {
    const std::size_t equals = text.rfind('=');
    std::error_code ignored;
    if (equals == std::string::npos || std::filesystem::exists(text, ignored))
        return {text, ""};
    return {text.substr(0, equals), text.substr(equals + 1)};
}

int record(const RecordOptions& options, const CommandContext& context) {
    RecordRequest request = options.request;
    for (const std::string& input : options.inputs)
        request.inputs.push_back(parseInput(input));
    request.nll = options.nll == "on";
    request.keepText = !options.noText;
    request.threads = context.threads;
    request.commandLine = context.commandLine;
    RecordSummary summary;
    {
        RecordProgressBar progress(context);
        summary = RecordService(loadEngine()).record(request, progress, context.stop);
    }
    std::cout << (options.json ? recordSummaryJson(summary) : recordSummaryText(summary, request.db)) << '\n';
    return kSuccess;
}

void addSource(CLI::App& command, RecordOptions& options) {
    auto* source = command.add_option_group("What to record (one of)");
    source->add_option("--input", options.inputs,
                       "PATH[=DOMAIN]: a .txt or .jsonl file, a folder (its sub-folders name domains), - for stdin; "
                       "may be given several times");
    source->add_option("--text", options.request.text, "One text");
    source->add_option("--token-ids", options.request.tokenIds,
                       "JSON file: an array of arrays of ids, one for each document; nothing is added");
    source->require_option(1);
}

void addComputing(CLI::App& command, RecordRequest& request) {
    command.add_option("--device", request.device, "auto, cpu, cuda or cuda:N")
        ->check(deviceName())
        ->capture_default_str();
    command.add_option("--dtype", request.dtype, "auto, f32, bf16 or f16")
        ->check(CLI::IsMember({"auto", "f32", "bf16", "f16"}))
        ->capture_default_str();
    command.add_option("--context", request.context, "Tokens of a window: what the model sees at once")
        ->check(CLI::Range(std::int64_t(1), std::int64_t(1) << 24))
        ->capture_default_str();
    command.add_option("--batch-tokens", request.batchTokens, "Tokens run at once, layer by layer")
        ->check(CLI::Range(std::int64_t(1), std::int64_t(1) << 30))
        ->capture_default_str();
    command.add_option("--limit", request.limit, "Record at most so many tokens")->check(positiveNumber());
    command.add_option("--generate", request.generate, "Go on with so many tokens after each document")
        ->check(positiveNumber());
    command.add_option("--temperature", request.temperature, "Of generation; 0: always the likeliest token")
        ->check(nonNegativeNumber())
        ->capture_default_str();
    command.add_option("--top-p", request.topP, "Draw from the likeliest tokens that together have this probability")
        ->check(CLI::Range(1e-6, 1.0))
        ->capture_default_str();
    command.add_option("--seed", request.seed, "Of what is drawn")->capture_default_str();
}

void addKeeping(CLI::App& command, RecordOptions& options) {
    RecordRequest& request = options.request;
    command.add_option("--db", request.db, "The recording: an SQLite file, made when it does not exist")->required();
    command.add_option("--name", request.name, "The run's name in the file (default: the model's)");
    command.add_option("--logits", request.logits, "auto (f32 up to 64 experts, f16 above), f32, f16 or none")
        ->check(CLI::IsMember({"auto", "f32", "f16", "none"}))
        ->capture_default_str();
    command.add_option("--nll", options.nll, "on or off: -ln P of every token, which costs the model's head")
        ->check(CLI::IsMember({"on", "off"}))
        ->capture_default_str();
    command.add_flag("--no-text", options.noText, "Store no pieces of text, only ids");
    command.add_flag("--resume", request.resume, "Go on with an interrupted run; begin it where there is none");
    command.add_flag("--json", options.json, "Print the summary as one JSON object");
}

} // namespace

void addRecord(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<RecordOptions>();
    CLI::App* command = app.add_subcommand("record", "Run a model over texts and record its routing");
    command->add_option("model", options->request.model, "Model folder (config.json, safetensors, tokenizer)")
        ->required();
    addSource(*command, *options);
    addComputing(*command, options->request);
    addKeeping(*command, *options);
    command->callback(
        [options, &context] { context.work = [options, &context] { return record(*options, context); }; });
}

} // namespace moescope::cli
