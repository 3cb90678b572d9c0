#pragma once

#include <string>

struct sqlite3;

namespace moescope::sqlite {

// Throws Error for the last failure of `db`: one line with the file, what failed and the remedy.
// `doing` completes "cannot ..." ("write", "open").
[[noreturn]] void throwLastError(sqlite3* db, const std::string& doing);

// The same where there is no connection to ask.
[[noreturn]] void throwError(int code, int systemError, const std::string& file, const std::string& doing,
                             const std::string& detail);

} // namespace moescope::sqlite
