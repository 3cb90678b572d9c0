#include <cstdio>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/service/dossier_report.h"
#include "app/service/export_file.h"

namespace moescope::cli {

namespace {

struct DossierOptions {
    std::filesystem::path db;
    std::filesystem::path output;
    DossierRequest request;
};

// "L:E".
void parseExpert(const std::string& text, DossierRequest& request) {
    int end = 0;
    const int read = std::sscanf(text.c_str(), "%d:%d%n", &request.layer.value, &request.expert.value, &end);
    if (read != 2 || std::size_t(end) != text.size())
        throw CLI::ValidationError("--expert", "'" + text + "' is no expert; write it as LAYER:EXPERT");
}

int dossier(const DossierOptions& options, const CommandContext& context) {
    const auto recording = Recording::open(options.db);
    const std::string text = dossierMarkdown(readDossier(*recording, options.request, context.stop));
    if (options.output.empty()) {
        std::cout << text;
        return kSuccess;
    }
    ExportFile file(options.output);
    file.write(text);
    file.commit();
    return kSuccess;
}

} // namespace

void addDossier(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<DossierOptions>();
    DossierRequest& request = options->request;
    CLI::App* command = app.add_subcommand("dossier", "One expert on a page of Markdown");
    command->add_option("db", options->db, "The recording")->required();
    command->add_option("--run", request.run, "Run by name or id (default: the latest)");
    command
        ->add_option_function<std::string>(
            "--expert", [&request](const std::string& text) { parseExpert(text, request); }, "The expert: LAYER:EXPERT")
        ->required();
    command->add_option("--contexts", request.contexts, "Passages of each kind")->check(CLI::Range(0, 1000));
    command->add_option("-o,--output", options->output, "File to write (default: standard output)");
    command->callback(
        [options, &context] { context.work = [options, &context] { return dossier(*options, context); }; });
}

} // namespace moescope::cli
