#pragma once

#include <string>

namespace moescope::cli {

// The arguments as one line that a shell reads back as the same arguments.
std::string commandLine(int argc, const char* const* argv);

// One word, quoted where a shell would otherwise change it.
std::string shellQuoted(const std::string& word);

} // namespace moescope::cli
