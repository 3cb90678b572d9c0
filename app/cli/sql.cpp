#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/service/sql_report.h"
#include "db/sql_console.h"

namespace moescope::cli {

namespace {

struct SqlOptions {
    std::filesystem::path db;
    std::string query;
};

int sql(const SqlOptions& options, const CommandContext& context) {
    SqlConsole console(options.db);
    const std::stop_callback interrupt(context.stop, [&console] { console.interrupt(); });
    std::string line;
    console.run(
        options.query,
        [&](const std::vector<std::string>& names) {
            line.clear();
            appendCsvLine(names, line);
            std::cout << line;
        },
        [&](const std::vector<SqlValue>& values) {
            line.clear();
            appendCsvLine(values, line);
            std::cout << line;
            return bool(std::cout);
        });
    return kSuccess;
}

} // namespace

void addSql(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<SqlOptions>();
    CLI::App* command = app.add_subcommand("sql", "Read-only SQL over a recording; prints CSV");
    command->add_option("db", options->db, "The recording")->required();
    command->add_option("query", options->query, "One SELECT; row views: routing, logits, tokens")->required();
    command->callback([options, &context] { context.work = [options, &context] { return sql(*options, context); }; });
}

} // namespace moescope::cli
