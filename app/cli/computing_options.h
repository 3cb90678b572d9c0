#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace moescope::cli {

// What every command that runs a model asks: --device, --dtype, --expert-weights; the strings hold the defaults.
void addComputingOptions(CLI::App& command, std::string& device, std::string& dtype, std::string& expertWeights);

} // namespace moescope::cli
