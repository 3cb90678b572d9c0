#pragma once

#include "engine/routing/capacity.h"

namespace CLI {
class App;
}

namespace moescope::cli {

// --capacity-factor, --capacity, --overflow, --group-tokens, --rounding; the defaults are those of `options`.
void addCapacityOptions(CLI::App& command, CapacityOptions& options);

} // namespace moescope::cli
