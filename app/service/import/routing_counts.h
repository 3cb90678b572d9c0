#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace moescope {

// How often each expert of each layer was chosen, domain by domain.
struct RoutingCounts {
    std::vector<std::string> domains; // in order of first appearance
    std::int32_t experts = 0;         // the largest id + 1, over all layers
    // By layer, then domain, then expert: [domains] of up to [experts]; what is not there is 0.
    std::map<std::int32_t, std::vector<std::vector<std::int64_t>>> layers;
    std::int64_t rows = 0;

    std::int64_t count(std::int32_t layer, std::size_t domain, std::int32_t expert) const;
    std::int64_t total(std::int32_t layer, std::size_t domain) const;
};

// Whether a file's first line is the header of a counts CSV.
bool isCountsCsv(const std::filesystem::path& file);

// Reads `layer,expert,count` or `layer,expert,domain,count` (any order of columns; layer_id and expert_id do too).
// Rows of the same key add up. Throws Error: NotFound, Io, and Corruption naming file, line and column.
RoutingCounts readCountsCsv(const std::filesystem::path& file);

} // namespace moescope
