#include "app/cli/command_line.h"

namespace moescope::cli {

std::string shellQuoted(const std::string& word) {
    constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos)
        return word;
    std::string quoted = "'";
    for (const char c : word)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

std::string commandLine(int argc, const char* const* argv) {
    std::string line = "moescope"; // whatever path it was started by
    for (int i = 1; i < argc; ++i)
        line += " " + shellQuoted(argv[i]);
    return line;
}

} // namespace moescope::cli
