#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "db/sqlite_api.h"

namespace moescope::sqlite {

// Whole numbers a constraint leaves.
struct Bounds {
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = std::numeric_limits<std::int64_t>::max();

    bool empty() const { return least > most; }
    bool holds(std::int64_t value) const { return value >= least && value <= most; }
};

// What a query's constraints leave of a view, and which columns it reads. Only narrows: SQLite checks every row again.
struct ViewPlan {
    std::optional<std::string> run; // the one run, by name
    std::vector<Bounds> columns;    // by column
    std::uint64_t used = 0;         // bit per column
    bool none = false;              // a constraint no row can meet

    bool uses(int column) const { return ((used >> column) & 1U) != 0; }
};

// For xBestIndex: takes `run = ?` (column 0) and comparisons of the columns of `pushed` over, each with the factor that
// an equality shrinks the view by, and writes them down in idxStr and idxNum.
struct PushedColumn {
    int column;
    double shrink;
};
int planView(sqlite3_index_info* info, const std::vector<PushedColumn>& pushed);

// For xFilter: what planView wrote down, with the values.
ViewPlan readPlan(int columns, int idxNum, const char* idxStr, sqlite3_value** values);

} // namespace moescope::sqlite
