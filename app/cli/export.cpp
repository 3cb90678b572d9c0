#include <algorithm>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

#include "app/cli/capacity_options.h"
#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/filter_options.h"
#include "app/cli/progress_bar.h"
#include "app/service/export_service.h"

namespace moescope::cli {

namespace {

struct ExportOptions {
    std::filesystem::path db;
    ExportRequest request;
};

class ExportProgress : public ExportObserver {
public:
    explicit ExportProgress(const CommandContext& context) : m_context(context) {}

    void progress(std::string_view table, double done) override {
        if (!m_bar || table != m_table) {
            m_table = table;
            m_bar.reset();
            m_bar.emplace("export " + m_table, "%", m_context);
        }
        m_bar->update(std::int64_t(done * 100), 100);
    }
    void note(const std::string& line) override {
        if (m_context.verbosity != Verbosity::Quiet)
            std::fprintf(stderr, "moescope: %s\n", line.c_str());
    }

private:
    const CommandContext& m_context;
    std::string m_table;
    std::optional<ProgressBar> m_bar;
};

int exportTable(const ExportOptions& options, const CommandContext& context) {
    const auto recording = Recording::open(options.db);
    ExportProgress progress(context);
    ExportService(*recording).run(options.request, progress, context.stop);
    return kSuccess;
}

std::string tableNames() {
    std::string names;
    for (const std::string_view table : exportTables())
        names += std::string(table) + ", ";
    return names + "all";
}

// Throws CLI::ValidationError.
void checkTable(const ExportRequest& request) {
    const auto tables = exportTables();
    if (request.table == "all" ? request.output.empty()
                               : std::find(tables.begin(), tables.end(), request.table) == tables.end())
        throw CLI::ValidationError("--table", request.table == "all"
                                                  ? "all is written as one file per table: name a folder with -o"
                                                  : "no table '" + request.table + "'; there are " + tableNames());
}

} // namespace

void addExport(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<ExportOptions>();
    ExportRequest& request = options->request;
    CLI::App* command = app.add_subcommand("export", "Write routing statistics as CSV or JSON");
    command->add_option("db", options->db, "The recording")->required();
    command->add_option("--run", request.runs, "Runs by name or id, with commas (default: the latest)")->delimiter(',');
    command->add_option("--table", request.table, "One of " + tableNames())->required();
    command->add_option("-o,--output", request.output, "File (for all: folder) to write; default: standard output");
    command
        ->add_option_function<std::string>(
            "--format",
            [&request](const std::string& name) {
                request.format = name == "json" ? ExportFormat::Json : ExportFormat::Csv;
            },
            "csv or json (default: csv)")
        ->check(CLI::IsMember({"csv", "json"}));
    command->add_option("--skip", request.skip, "Tables that all leaves out")->delimiter(',');
    command->add_flag("--bom", request.text.bom, "Begin a CSV with a byte order mark, for spreadsheets");
    command->add_flag("--raw-text", request.text.rawText, "No ' in front of cells that a spreadsheet would run");
    addFilterOptions(*command, request.filter);
    addCapacityOptions(*command, request.capacity);
    command->callback([options, &context] {
        checkTable(options->request);
        context.work = [options, &context] { return exportTable(*options, context); };
    });
}

} // namespace moescope::cli
