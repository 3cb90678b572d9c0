#pragma once

#include <filesystem>
#include <string>

#include "engine/routing/intervention.h"

namespace CLI {
class App;
}

namespace moescope::cli {

// --top-k, --ablate, --bias and the capacity options, as given.
struct InterventionOptions {
    Intervention intervention;
    CapacityOptions capacity;
    bool limited = false; // a capacity was asked for
    std::filesystem::path bias;

    // The whole, with the file read. Throws Error.
    Intervention read() const;
};

void addInterventionOptions(CLI::App& command, InterventionOptions& options);

} // namespace moescope::cli
