#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace moescope {

// Reads model.safetensors.index.json: tensor name -> shard file name. A shard must be a plain .safetensors file name
// in the index's own folder. Throws Error(Corruption).
std::map<std::string, std::string> readShardIndex(const std::filesystem::path& indexFile);

} // namespace moescope
