#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace moescope {

// Token ids of domains kept in a file, valid for one key (a hash over what they were made from).
struct CachedDomain {
    std::string name;
    std::vector<std::int32_t> tokens;
};

// Nothing where the file is missing, is damaged, or holds another key: the cache is made again.
std::optional<std::vector<CachedDomain>> readTokenCache(const std::filesystem::path& file, const std::string& key);

// Appears under its name only when complete.
void writeTokenCache(const std::filesystem::path& file, const std::string& key,
                     const std::vector<CachedDomain>& domains);

} // namespace moescope
