#pragma once

#include <string>
#include <vector>

#include "db/sql_console.h"

namespace moescope {

// Appends one CSV line: a missing value is an empty cell, a blob X'hex', text that is not UTF-8 shows bytes as \xNN.
void appendCsvLine(const std::vector<SqlValue>& values, std::string& line);
void appendCsvLine(const std::vector<std::string>& names, std::string& line);

} // namespace moescope
