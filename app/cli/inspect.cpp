#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/service/inspect_report.h"
#include "engine/checkpoint/model_inspection.h"

namespace moescope::cli {

namespace {

struct InspectOptions {
    std::filesystem::path model;
    bool json = false;
};

int inspect(const InspectOptions& options) {
    const ModelInspection inspection = inspectModel(options.model);
    const std::string name = std::filesystem::weakly_canonical(options.model).filename().string();
    std::cout << (options.json ? inspectionJson(inspection, name) + "\n" : inspectionText(inspection, name));
    return kSuccess;
}

} // namespace

void addInspect(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<InspectOptions>();
    CLI::App* command =
        app.add_subcommand("inspect", "What a model is: layers, experts, gate, sizes; reads no weights");
    command->add_option("model", options->model, "Model folder (config.json and safetensors)")->required();
    command->add_flag("--json", options->json, "Print one JSON object");
    command->callback([options, &context] { context.work = [options] { return inspect(*options); }; });
}

} // namespace moescope::cli
