#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace moescope {

struct VerifyReport {
    std::vector<std::string> problems; // one line each; empty: the recording is sound
    std::int64_t runs = 0;
    std::int64_t tokens = 0;
    std::int64_t blocks = 0; // routing blocks of all layers

    bool sound() const { return problems.empty(); }
};

// Reads a whole recording and checks it: SQLite's own integrity, documents adjoin, blocks are complete and of their
// size, ids in range and unique per token, weights finite, every token's piece there, and the stored sums equal a
// recount of the blocks. Throws Error only where the file cannot be read as a recording at all.
// `progress` is told the share done, 0 to 1; false stops with Error(Cancelled).
VerifyReport verifyRecording(const std::filesystem::path& file, const std::function<bool(double)>& progress = {});

} // namespace moescope
