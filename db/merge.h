#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace moescope {

struct MergeResult {
    int runs = 0;
    std::vector<std::pair<std::string, std::string>> renamed; // runs whose name was taken: old name, new name
};

// Joins recordings into a new one, run by run in the order given; a run whose name is taken gets "-2", "-3", ...
// A run that is still being recorded is taken as of its last commit and marked interrupted. `output` appears whole or
// not at all. Throws Error: Conflict (output exists), NotFound, Corruption, Io.
MergeResult mergeRecordings(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& output);

} // namespace moescope
