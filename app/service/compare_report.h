#pragma once

#include <array>
#include <string>
#include <string_view>

#include "app/service/compare_service.h"
#include "app/service/export_writer.h"

namespace moescope {

inline constexpr std::array<std::string_view, 13> kCompareColumns{
    "run",        "metric",         "layer",           "domain", "value",       "low", "high",
    "difference", "difference_low", "difference_high", "p",      "significant", "note"};

// The rows as the export table `compare`; the writer has kCompareColumns.
void writeCompareRows(const CompareResult& result, TableWriter& out);

// For a person: the figures of the runs beside each other, one line a metric.
std::string compareText(const CompareResult& result);

// Everything: runs, rows, shares and their differences, drop-rate curves, notes. One JSON object and a line end.
std::string compareJson(const CompareResult& result);

} // namespace moescope
