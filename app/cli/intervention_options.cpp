#include "app/cli/intervention_options.h"

#include <CLI/CLI.hpp>

#include "app/cli/capacity_options.h"
#include "app/cli/validators.h"
#include "app/service/intervention_text.h"
#include "engine/routing/error.h"

namespace moescope::cli {

Intervention InterventionOptions::read() const {
    Intervention whole = intervention;
    if (limited)
        whole.capacity = capacity;
    if (!bias.empty())
        whole.bias = readBiasFile(bias);
    return whole;
}

void addInterventionOptions(CLI::App& command, InterventionOptions& options) {
    constexpr const char* kGroup = "Interventions: the routes, and so the computation, are changed";
    command.add_option("--top-k", options.intervention.topK, "Experts for each token instead of the model's number")
        ->check(positiveNumber())
        ->group(kGroup);
    command
        .add_option_function<std::string>(
            "--ablate",
            [&options](const std::string& text) {
                try {
                    options.intervention.ablated = parseAblated(text);
                } catch (const Error& error) {
                    throw CLI::ValidationError("--ablate", error.what());
                }
            },
            "LAYER:EXPERT[,...]: experts whose part is left out")
        ->group(kGroup);
    command
        .add_option("--bias", options.bias,
                    "JSON file {\"LAYER\": [a number for each expert], ...}: added to what experts are chosen by")
        ->group(kGroup);
    addCapacityOptions(command, options.capacity,
                       "Capacity: any of these limits what experts serve, the others at their defaults");
    for (const char* name : {"--capacity-factor", "--capacity", "--overflow", "--rounding", "--group-tokens"})
        command.get_option(name)->each([&options](const std::string&) { options.limited = true; });
}

} // namespace moescope::cli
