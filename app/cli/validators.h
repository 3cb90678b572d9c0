#pragma once

#include <CLI/CLI.hpp>

namespace moescope::cli {

// Checks of options whose refusal is a line that a person can read.
CLI::Validator positiveNumber();
CLI::Validator nonNegativeNumber();
CLI::Validator deviceName();  // auto, cpu, cuda or cuda:N
CLI::Validator pictureName(); // ends in .png, .svg or .pdf

} // namespace moescope::cli
