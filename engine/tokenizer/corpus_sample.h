#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace moescope {

// The text files under a folder, one sub-folder a domain: DIR/<domain>/**/*.txt.
struct DomainSample {
    std::string domain;
    std::int64_t bytes = 0;   // in the domain's files
    std::int64_t sampled = 0; // of those, visited
};

// Calls visit(text) for parts of a domain's files, in order of their names, spread evenly over them and about
// `limit` bytes in all; parts begin and end with whole characters. Throws Error NotFound or Io.
DomainSample sampleDomain(const std::filesystem::path& folder, std::int64_t limit,
                          const std::function<void(std::string_view)>& visit);

} // namespace moescope
