// The manifest of the bundled texts: where each comes from, under which licence, and its checksum.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace moescope {

struct ManifestEntry {
    std::string file; // relative to the manifest
    std::string domain;
    std::string package;
    std::string version;
    std::string source;  // path inside the package, with #PART where only a part of a file is meant
    std::string licence; // licences/<licence>.txt holds its text
    std::uint64_t bytes = 0;
    std::string sha256;
};

// Reads MANIFEST.json of a folder. Throws Error (NotFound, Corruption).
[[nodiscard]] std::vector<ManifestEntry> readManifest(const std::filesystem::path& folder);

// One line for every way in which the folder differs from its manifest: a text that is missing, changed or not listed,
// a licence without a text. Empty if all is well. Throws as readManifest does.
[[nodiscard]] std::vector<std::string> verifyManifest(const std::filesystem::path& folder);

} // namespace moescope
