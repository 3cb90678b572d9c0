#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/progress_bar.h"
#include "app/cli/validators.h"
#include "app/service/replay_service.h"

namespace moescope::cli {

namespace {

class ReplayProgress : public ReplayObserver {
public:
    explicit ReplayProgress(const CommandContext& context) : m_bar("replay", "tokens", context) {}
    void progress(TokenIndex done, TokenIndex total) override { m_bar.update(done, total); }

private:
    ProgressBar m_bar;
};

int replay(ReplayRequest request, const CommandContext& context) {
    request.commandLine = context.commandLine;
    ReplaySummary summary;
    {
        ReplayProgress progress(context);
        summary = ReplayService().replay(request, progress, context.stop);
    }
    std::cout << fmt::format(
        "replayed run {} into {}: {} tokens, {} layers, {:.2f} s; {} tokens ({} of tokens x layers) "
        "go to other experts\n",
        summary.source, summary.run, summary.tokens, summary.layers, summary.seconds, summary.tokensRerouted,
        summary.tokenLayersRerouted);
    if (summary.sameGate)
        std::cout << fmt::format("the recorded gate from {} logits; weights differ by at most {:.3g}\n",
                                 summary.logits == LogitStorage::F16 ? "f16" : "f32", summary.largestWeightDifference);
    return kSuccess;
}

} // namespace

void addReplay(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<ReplayRequest>();
    CLI::App* command = app.add_subcommand("replay", "Re-route recorded logits under another strategy into a new run");
    command->add_option("db", request->db, "The recording")->required();
    command->add_option("--run", request->run, "Run by name or id (default: the latest)");
    command->add_option("--strategy", request->options.strategy, "topk: the best experts by score")->required();
    command->add_option("--name", request->name, "The new run's name")->required();
    command->add_option("--top-k", request->options.topK, "Experts for each token (default: as recorded)")
        ->check(positiveNumber());
    command->callback(
        [request, &context] { context.work = [request, &context] { return replay(*request, context); }; });
}

} // namespace moescope::cli
