#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/service/export_file.h"

namespace moescope {

enum class ExportFormat : std::uint8_t {
    Csv,  // RFC 4180: header row, CRLF, quotes where needed; a missing value is an empty cell
    Json, // one array of objects; a missing value, NaN and infinities are null
};

struct TextOptions {
    bool bom = false;     // in front of a CSV, for spreadsheets
    bool rawText = false; // no ' in front of cells that a spreadsheet would run as a formula
};

// Writes a table cell by cell, in the order of its columns. Its first column is the run's name. Numbers take the
// shortest form that reads back exactly. Formats into an own buffer: millions of rows a second.
class TableWriter {
public:
    TableWriter(ByteOutput& output, ExportFormat format, std::span<const std::string_view> columns,
                TextOptions options);

    void setRun(std::string_view name); // of the rows to come
    void beginRow();
    void cell(std::int64_t value);
    void cell(double value);
    void cell(float value);
    void cell(std::string_view text); // bytes of any kind
    void none();
    void cellOrNone(double value); // none where it is NaN
    void endRow();
    // The end of the table; what is buffered goes out.
    void finish();

    std::int64_t rows() const { return m_rows; }

private:
    void separate(); // in front of a cell
    void put(std::string_view bytes);
    template <class Number>
    void putNumber(Number value);
    void makeRoom(std::size_t bytes);
    void flush();

    ByteOutput& m_output;
    ExportFormat m_format;
    TextOptions m_options;
    std::vector<std::string> m_prefixes; // [columns] what stands in front of a cell
    std::string m_run;                   // the first cell, ready to copy
    std::size_t m_column = 0;
    std::vector<char> m_buffer;
    char* m_at = nullptr;
    std::int64_t m_rows = 0;
};

} // namespace moescope
