#pragma once

#include <string>
#include <utility>

#include "db/run_info.h"

namespace CLI {
class App;
}

namespace moescope::cli {

// --layer, --expert, --domain, --document, --token-text and --tokens A:B: what part of a run a command speaks of. Lists
// take commas.
void addFilterOptions(CLI::App& command, RunFilter& filter);

// "A:B", "A:" or ":B": token indices from A up to but not including B; -1: to the end. Throws Error(InvalidArgument).
std::pair<TokenIndex, TokenIndex> parseTokenRange(const std::string& text);

} // namespace moescope::cli
