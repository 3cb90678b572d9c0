#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/service/tokenize_service.h"
#include "engine/tokenizer/tokenizer.h"

namespace moescope::cli {

namespace {

struct TokenizeOptions {
    std::filesystem::path model;
    std::optional<std::string> text;
    std::string file;
    std::string jsonLines;
    bool special = false;
    bool decode = false;
};

int tokenize(const TokenizeOptions& options) {
    const auto tokenizer = Tokenizer::open(options.model);
    const TokenizeMode mode{options.special, options.decode};
    if (!options.jsonLines.empty())
        tokenizeLines(*tokenizer, options.jsonLines, mode, std::cout);
    else if (options.text)
        std::cout << tokenizeOne(*tokenizer, *options.text, "--text", mode) << '\n';
    else
        std::cout << tokenizeOne(*tokenizer, readWhole(options.file), options.file, mode) << '\n';
    return kSuccess;
}

} // namespace

void addTokenize(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<TokenizeOptions>();
    CLI::App* command = app.add_subcommand("tokenize", "Text to token ids and back, one JSON value for each input");
    command->add_option("model", options->model, "Model folder, tokenizer.json or tokenizer.model")->required();
    auto* source = command->add_option_group("source");
    source->add_option("--text", options->text, "The text (with --decode: a JSON array of ids)");
    source->add_option("--file", options->file, "A file that is one text; - for standard input");
    source->add_option("--jsonl", options->jsonLines, "A file with a JSON string a line; - for standard input");
    source->require_option(1);
    command->add_flag("--special", options->special,
                      "Add the special tokens of the tokenizer's template (with --decode: leave special tokens out)");
    command->add_flag("--decode", options->decode, "The reverse: arrays of ids in, strings out");
    command->callback([options, &context] { context.work = [options] { return tokenize(*options); }; });
}

} // namespace moescope::cli
