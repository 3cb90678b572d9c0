#pragma once

#include <filesystem>
#include <string>

namespace moescope {

struct RecordSummary;

// What came of a recording: one line for a person, or one JSON object.
std::string recordSummaryText(const RecordSummary& summary, const std::filesystem::path& db);
std::string recordSummaryJson(const RecordSummary& summary);

} // namespace moescope
