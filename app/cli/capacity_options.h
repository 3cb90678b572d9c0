#pragma once

#include "engine/routing/capacity.h"

namespace CLI {
class App;
}

namespace moescope::cli {

// --capacity-factor, --capacity, --overflow, --group-tokens, --rounding; the defaults are those of `options`. `title`:
// of their group in the help.
void addCapacityOptions(CLI::App& command, CapacityOptions& options, const char* title = "Capacity");

} // namespace moescope::cli
