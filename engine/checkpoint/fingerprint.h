#pragma once

#include <filesystem>
#include <string>

namespace moescope {

// What identifies a model's weights in a recording's provenance: 32 hexadecimal digits over config.json, every
// shard's header, all bytes of tensors up to 256 KiB and 64 pages spread evenly over each larger one. Reading only
// samples keeps it within a second for a model of 100 GB; any training step or conversion changes the samples.
// Depends on the contents only, not on names of folders or times. Throws as Checkpoint does.
std::string modelFingerprint(const std::filesystem::path& folder);

} // namespace moescope
