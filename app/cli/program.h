#pragma once

namespace moescope::cli {

// Parses, runs the chosen command (or opens the window) and turns what went wrong into one line on stderr and an exit
// status (see exit_status.h).
int runProgram(int argc, char** argv);

} // namespace moescope::cli
