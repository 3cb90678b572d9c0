#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/service/counted.h"
#include "db/merge.h"

namespace moescope::cli {

namespace {

struct MergeOptions {
    std::vector<std::filesystem::path> inputs;
    std::filesystem::path output;
};

int merge(const MergeOptions& options) {
    const MergeResult result = mergeRecordings(options.inputs, options.output);
    for (const auto& [before, now] : result.renamed)
        std::cout << fmt::format("run {} is named {} now: the name was taken\n", before, now);
    std::cout << fmt::format("{}: {}\n", options.output.string(), counted(result.runs, "run"));
    return kSuccess;
}

} // namespace

void addMerge(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<MergeOptions>();
    CLI::App* command = app.add_subcommand("merge", "Join recordings into a new one");
    command->add_option("inputs", options->inputs, "The recordings")->required()->expected(1, -1);
    command->add_option("-o,--output", options->output, "The new recording")->required();
    command->callback([options, &context] { context.work = [options] { return merge(*options); }; });
}

} // namespace moescope::cli
