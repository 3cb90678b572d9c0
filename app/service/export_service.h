#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/service/export_writer.h"
#include "app/service/recording.h"
#include "engine/routing/capacity.h"

namespace moescope {

struct ExportRequest {
    std::string table;             // a name of exportTables(), or "all": every one the runs can fill
    std::vector<std::string> runs; // ids or names, in the order of the rows; empty: the latest
    std::filesystem::path output;  // a file; for "all" a folder, made if needed; empty: standard output
    ExportFormat format = ExportFormat::Csv;
    TextOptions text;
    RunFilter filter;              // overflow is decided over whole groups; the filter says which tokens are counted
    CapacityOptions capacity;      // of overflow and overflow_tokens
    std::vector<std::string> skip; // tables "all" leaves out
};

// Follows an export. Called from the thread that exports.
class ExportObserver {
public:
    virtual ~ExportObserver() = default;
    // How much of `table` is done, 0 to 1.
    virtual void progress(std::string_view /*table*/, double /*done*/) {}
    // One line about something left out.
    virtual void note(const std::string& /*line*/) {}
};

struct ExportedTable {
    std::string table;
    std::filesystem::path file; // empty: standard output
    std::int64_t rows = 0;
};

// The tables there are, in the order of the documentation, and their columns.
std::span<const std::string_view> exportTables();
std::span<const std::string_view> exportColumns(std::string_view table); // throws Error(InvalidArgument)

// Writes routing statistics as CSV or JSON. Rows are ordered by their key columns from left to right (runs as asked
// for, domains by first appearance, an expert's vocabulary by count). Memory does not grow with the run's tokens
// beyond four bytes each. Synchronous; use one thread for a recording at a time.
class ExportService {
public:
    explicit ExportService(const Recording& recording) : m_recording(recording) {}

    // Throws Error: InvalidArgument (unknown table, layer, domain ...), NotFound (run), Unsupported with what is
    // missing when a run does not hold what the table needs ("all" notes it and goes on), Io, Cancelled. A file appears
    // under its name only once it is whole.
    std::vector<ExportedTable> run(const ExportRequest& request, ExportObserver& observer, std::stop_token stop = {});

private:
    const Recording& m_recording;
};

} // namespace moescope
