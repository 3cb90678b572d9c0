#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/routing/intervention.h"

namespace moescope {

// What is done to the routes, in one line for provenance; it decides what is recorded, so it says everything.
std::string interventionText(const Intervention& intervention);
std::string capacityText(const CapacityOptions& capacity);

// "L:E[,L:E...]". Throws Error(InvalidArgument).
std::set<std::pair<LayerId, std::int32_t>> parseAblated(const std::string& text);

// A JSON object of arrays: {"LAYER": [a number for each expert], ...}. Throws Error: NotFound, InvalidArgument naming
// the file and the place.
std::map<LayerId, std::vector<float>> readBiasFile(const std::filesystem::path& file);

} // namespace moescope
