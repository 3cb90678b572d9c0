#pragma once

#include <cstdint>
#include <string>

namespace moescope {

struct MemoryPlan;
struct ModelInspection;

// What `inspect` says of a model: lines for a person, or one JSON object (indented).
std::string inspectionText(const ModelInspection& inspection, const std::string& name);
std::string inspectionJson(const ModelInspection& inspection, const std::string& name);

// How the model will be held in memory while it runs, in one line.
std::string memoryPlanText(const MemoryPlan& plan, std::int64_t batchTokens, int threads);

// "13.5 GB", "640 B": decimal units, three figures.
std::string byteText(double bytes);
// "46.7 B", "25.3 M": of parameters or operations.
std::string countText(double count);

} // namespace moescope
