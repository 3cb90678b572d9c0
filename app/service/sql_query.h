#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "db/sql_console.h"

namespace moescope {

// What a SELECT gave, up to a limit of rows.
struct SqlTable {
    std::vector<std::string> columns;
    std::vector<std::vector<SqlValue>> rows;
    bool cut = false; // there were more rows than the limit
    double seconds = 0;
};

// Runs one read-only statement on a connection of its own; a stop interrupts it. Throws Error: InvalidArgument with
// SQLite's message, Cancelled when stopped, and what opening the file throws.
SqlTable querySql(const std::filesystem::path& file, std::string_view sql, std::size_t limit, std::stop_token stop);

// A value as text: empty for NULL, X'hex' for blobs, \xNN for bytes that are no UTF-8.
std::string sqlText(const SqlValue& value);

} // namespace moescope
