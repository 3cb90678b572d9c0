#include <iostream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/record_options.h"
#include "app/cli/record_progress.h"
#include "app/cli/validators.h"
#include "app/service/ablation_report.h"
#include "app/service/ablation_service.h"
#include "engine/session/engine_loader.h"

namespace moescope::cli {

namespace {

struct AblateCommand {
    RecordOptions record;
    AblationRequest request;
    std::int32_t layer = 0;
    bool json = false;
};

class AblateProgress : public AblationObserver {
public:
    explicit AblateProgress(const CommandContext& context) : m_context(context), m_recording(context) {}

    RecordObserver& recording() override { return m_recording; }
    void progress(std::int64_t done, std::int64_t total) override {
        if (!m_bar)
            m_bar.emplace("ablate", "tokens", m_context);
        m_bar->update(done, total);
    }

private:
    const CommandContext& m_context;
    RecordProgressBar m_recording;
    std::optional<ProgressBar> m_bar;
};

int ablate(const AblateCommand& command, const CommandContext& context) {
    AblationRequest request = command.request;
    request.record = command.record.read(context);
    request.layer = LayerId(command.layer);
    AblationSummary summary;
    {
        AblateProgress progress(context);
        summary = AblationService(loadEngine()).ablate(request, progress, context.stop);
    }
    std::cout << (command.json ? ablationJson(summary) : ablationText(summary));
    return kSuccess;
}

} // namespace

void addAblate(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<AblateCommand>();
    CLI::App* command =
        app.add_subcommand("ablate", "Leave out each expert of a layer in turn: what it costs each domain in nll");
    addRecordOptions(*command, options->record);
    command->add_option("--layer", options->layer, "The layer whose experts are left out, one after the other")
        ->required()
        ->check(nonNegativeNumber());
    command->add_option("--bootstrap", options->request.replicates, "Replicates of the intervals; 0: none")
        ->check(nonNegativeNumber())
        ->capture_default_str();
    command->add_flag("--resume", options->record.request.resume,
                      "Go on with an ablation that was cut off, or with the run of a recording made the same way");
    command->add_flag("--json", options->json, "Print the table as one JSON object");
    command->callback(
        [options, &context] { context.work = [options, &context] { return ablate(*options, context); }; });
}

} // namespace moescope::cli
