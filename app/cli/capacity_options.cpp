#include "app/cli/capacity_options.h"

#include <CLI/CLI.hpp>

#include "app/cli/validators.h"

namespace moescope::cli {

void addCapacityOptions(CLI::App& command, CapacityOptions& options, const char* title) {
    auto* factor = command.add_option("--capacity-factor", options.factor, "Times an expert's fair share of a group")
                       ->check(positiveNumber())
                       ->capture_default_str()
                       ->group(title);
    command.add_option("--capacity", options.fixed, "Choices an expert serves of a group, whatever the group's size")
        ->check(nonNegativeNumber())
        ->excludes(factor)
        ->group(title);
    command
        .add_option_function<std::string>(
            "--overflow", [&options](const std::string& name) { options.policy = overflowPolicy(name); },
            "Who keeps a place: drop, priority, prob or next (default: drop)")
        ->check(CLI::IsMember({"drop", "priority", "prob", "next"}))
        ->group(title);
    command
        .add_option_function<std::string>(
            "--rounding", [&options](const std::string& name) { options.rounding = capacityRounding(name); },
            "floor, ceil or ceil4 (default: floor)")
        ->check(CLI::IsMember({"floor", "ceil", "ceil4"}))
        ->group(title);
    command.add_option("--group-tokens", options.groupTokens, "Consecutive tokens that share the experts' capacity")
        ->check(positiveNumber())
        ->capture_default_str()
        ->group(title);
}

} // namespace moescope::cli
