// Where the data that comes with MoEScope is: held-out texts, their licences, and models.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

namespace moescope {

// The first of: $MOESCOPE_DATA, share/moescope/datasets of the installation that the running program belongs to,
// datasets/ of the source tree it was built from. Throws Error (NotFound) that names the places looked at.
[[nodiscard]] std::filesystem::path bundledData();

// Texts in one sub-folder for each domain: an input for readDocuments().
[[nodiscard]] std::filesystem::path bundledTexts();

// The folder of a bundled model, for example "demo". Throws Error (NotFound) if it isn't there.
[[nodiscard]] std::filesystem::path bundledModel(std::string_view name);

// The first candidate that holds bundled data: a MANIFEST.json. Throws Error (NotFound).
[[nodiscard]] std::filesystem::path findBundledData(std::span<const std::filesystem::path> candidates);

} // namespace moescope
