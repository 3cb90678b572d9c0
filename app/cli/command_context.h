#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace moescope::cli {

enum class Verbosity { Quiet, Normal, Verbose };

// What the commands share: the global options, the command line as typed, and the work that the parsed command asks
// for.
struct CommandContext {
    std::string commandLine; // as it would be typed again, for provenance
    Verbosity verbosity = Verbosity::Normal;
    int threads = 0;           // 0: one for each core
    std::stop_token stop;      // requested by Ctrl-C
    std::function<int()> work; // set by the chosen command; returns the exit status
};

} // namespace moescope::cli
