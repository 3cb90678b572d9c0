#pragma once

#include <string>
#include <vector>

#include "app/cli/command_context.h"
#include "app/service/record_service.h"

namespace CLI {
class App;
}

namespace moescope::cli {

// What texts go through which model, and into which file: of every command that records.
struct RecordOptions {
    RecordRequest request;
    std::vector<std::string> inputs; // PATH[=DOMAIN]
    std::string nll = "on";
    bool noText = false;

    RecordRequest read(const CommandContext& context) const;
};

// The model, the texts, how it computes, --db and --name.
void addRecordOptions(CLI::App& command, RecordOptions& options);

} // namespace moescope::cli
