#include "app/cli/record_options.h"

#include <filesystem>

#include <CLI/CLI.hpp>

#include "app/cli/computing_options.h"
#include "app/cli/validators.h"

namespace moescope::cli {

namespace {

// "PATH=DOMAIN"; a path that exists as written is taken whole.
TextInput parseInput(const std::string& text) {
    const std::size_t equals = text.rfind('=');
    std::error_code ignored;
    if (equals == std::string::npos || std::filesystem::exists(text, ignored))
        return {text, ""};
    return {text.substr(0, equals), text.substr(equals + 1)};
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
    addComputingOptions(command, request.device, request.dtype, request.expertWeights);
    command.add_option("--context", request.context, "Tokens of a window: what the model sees at once")
        ->check(CLI::Range(std::int64_t(1), std::int64_t(1) << 24))
        ->capture_default_str();
    command.add_option("--batch-tokens", request.batchTokens, "Tokens run at once, layer by layer")
        ->check(CLI::Range(std::int64_t(1), std::int64_t(1) << 30))
        ->capture_default_str();
    command.add_option("--limit", request.limit, "Record at most so many tokens")->check(positiveNumber());
}

} // namespace

RecordRequest RecordOptions::read(const CommandContext& context) const {
    RecordRequest whole = request;
    for (const std::string& input : inputs)
        whole.inputs.push_back(parseInput(input));
    whole.nll = nll == "on";
    whole.keepText = !noText;
    whole.threads = context.threads;
    whole.commandLine = context.commandLine;
    return whole;
}

void addRecordOptions(CLI::App& command, RecordOptions& options) {
    command.add_option("model", options.request.model, "Model folder (config.json, safetensors, tokenizer)")
        ->required();
    addSource(command, options);
    addComputing(command, options.request);
    command.add_option("--db", options.request.db, "The recording: an SQLite file, made when it does not exist")
        ->required();
    command.add_option("--name", options.request.name, "The run's name in the file (default: the model's)");
}

} // namespace moescope::cli
