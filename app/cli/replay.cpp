#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/capacity_options.h"
#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/progress_bar.h"
#include "app/cli/validators.h"
#include "app/service/replay_report.h"
#include "app/service/replay_service.h"

namespace moescope::cli {

namespace {

struct ReplayCommand {
    ReplayRequest request;
    CapacityOptions capacity;
    bool limited = false; // a capacity was asked for
    bool json = false;
};

class ReplayProgress : public ReplayObserver {
public:
    explicit ReplayProgress(const CommandContext& context)
        : m_learning("prepare", "%", context), m_bar("replay", "tokens", context) {}
    void preparing(double share) override { m_learning.update(std::int64_t(share * 100), 100); }
    void progress(TokenIndex done, TokenIndex total) override { m_bar.update(done, total); }

private:
    ProgressBar m_learning, m_bar;
};

int replay(ReplayCommand command, const CommandContext& context) {
    command.request.commandLine = context.commandLine;
    command.request.options.groupTokens = command.capacity.groupTokens;
    if (command.limited)
        command.request.options.capacity = command.capacity;
    ReplaySummary summary;
    {
        ReplayProgress progress(context);
        summary = ReplayService().replay(command.request, progress, context.stop);
    }
    std::cout << (command.json ? replayJson(summary) : replayText(summary));
    return kSuccess;
}

// Experts that choose take as many tokens as --capacity-factor or --capacity say; nothing is left to overflow.
void checkExpertChoice(const CLI::App& command, const std::string& strategy) {
    if (strategy != "expert-choice")
        return;
    if (command.count("--overflow") > 0)
        throw CLI::ValidationError("--overflow", "means nothing for expert-choice: its experts take no more tokens "
                                                 "than --capacity-factor or --capacity say");
    if (command.count("--rounding") > 0 && command.count("--capacity-factor") == 0)
        throw CLI::ValidationError("--rounding", "rounds what --capacity-factor gives: give both to expert-choice");
}

void addStrategyOptions(CLI::App& command, ReplayOptions& options) {
    command
        .add_option("--strategy", options.strategy,
                    "topk, none, aux-free, group-limited, expert-choice, sinkhorn or base")
        ->required()
        ->check(CLI::IsMember(std::vector<std::string>(replayStrategyNames().begin(), replayStrategyNames().end())));
    command.add_option("--top-k", options.topK, "Experts for each token (default: as recorded)")
        ->check(positiveNumber());
    command.add_option("--rate", options.learning.rate, "aux-free: the bias moves by so much after each batch")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--batch-tokens", options.learning.batchTokens, "aux-free: tokens between two updates")
        ->check(positiveNumber())
        ->capture_default_str();
    command
        .add_option("--passes", options.learning.passes,
                    "aux-free: times the run is gone through (default: as many as make 1000 updates)")
        ->check(positiveNumber());
    command
        .add_option("--seed", options.learning.seed, "aux-free: of the order in which tokens are dealt into batches")
        ->check(nonNegativeNumber())
        ->capture_default_str();
    command.add_option("--groups", options.groups, "group-limited: groups of experts (default: the gate's, else 4)")
        ->check(positiveNumber());
    command
        .add_option("--topk-groups", options.topkGroups,
                    "group-limited: groups a token may use (default: the gate's, else k - 1, at least 1 and at most 2)")
        ->check(positiveNumber());
}

} // namespace

void addReplay(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<ReplayCommand>();
    CLI::App* command = app.add_subcommand("replay", "Re-route recorded logits under another strategy into a new run");
    command->add_option("db", options->request.db, "The recording")->required();
    command->add_option("--run", options->request.run, "Run by name or id (default: the latest)");
    command->add_option("--name", options->request.name, "The new run's name")->required();
    command->add_flag("--json", options->json, "Print the summary as JSON");
    addStrategyOptions(*command, options->request.options);
    addCapacityOptions(*command, options->capacity,
                       "Capacity: any of these but --group-tokens limits what experts serve, the others at their "
                       "defaults");
    command->callback([command, options, &context] {
        checkExpertChoice(*command, options->request.options.strategy);
        for (const char* name : {"--capacity-factor", "--capacity", "--overflow", "--rounding"})
            options->limited = options->limited || command->count(name) > 0;
        context.work = [options, &context] { return replay(*options, context); };
    });
}

} // namespace moescope::cli
