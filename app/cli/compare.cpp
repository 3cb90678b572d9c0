#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "app/cli/capacity_options.h"
#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/progress_bar.h"
#include "app/cli/validators.h"
#include "app/service/compare_report.h"
#include "app/service/compare_service.h"

namespace moescope::cli {

namespace {

struct CompareOptions {
    std::filesystem::path db;
    CompareRequest request;
    std::filesystem::path output;
    bool json = false;
};

class CompareProgress : public CompareObserver {
public:
    explicit CompareProgress(const CommandContext& context) : m_bar("compare", "%", context) {}
    void progress(double share) override { m_bar.update(std::int64_t(share * 100), 100); }

private:
    ProgressBar m_bar;
};

int compare(const CompareOptions& options, const CommandContext& context) {
    const auto recording = Recording::open(options.db);
    CompareResult result;
    {
        CompareProgress progress(context);
        result = CompareService(*recording).compare(options.request, progress, context.stop);
    }
    if (!options.output.empty()) {
        ExportFile file(options.output);
        TableWriter writer(file, ExportFormat::Csv, kCompareColumns, {});
        writeCompareRows(result, writer);
        writer.finish();
        file.commit();
    } else {
        std::cout << (options.json ? compareJson(result) : compareText(result));
    }
    return kSuccess;
}

} // namespace

void addCompare(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<CompareOptions>();
    CompareRequest& request = options->request;
    CLI::App* command = app.add_subcommand("compare", "Metrics of runs side by side, with intervals");
    command->add_option("db", options->db, "The recording")->required();
    command
        ->add_option("--run", request.runs, "Two or more runs by name or id, with commas; the first is the reference")
        ->delimiter(',')
        ->required()
        ->expected(2, 64);
    auto* output = command->add_option("-o,--output", options->output, "CSV to write");
    command->add_flag("--json", options->json, "Print one JSON object, with loads and drop-rate curves")
        ->excludes(output);
    command->add_option("--bootstrap", request.replicates, "Replicates of the intervals; 0: none")
        ->check(nonNegativeNumber())
        ->capture_default_str();
    command->add_option("--seed", request.seed, "Of the replicates")->check(nonNegativeNumber())->capture_default_str();
    addCapacityOptions(*command, request.capacity);
    command->callback(
        [options, &context] { context.work = [options, &context] { return compare(*options, context); }; });
}

} // namespace moescope::cli
