#pragma once

struct sqlite3;

namespace moescope::sqlite {

// Adds the row views `routing`, `logits` and `tokens` to a connection: read-only tables over the blocks of all its runs
// (columns as in the export tables of these names). Constraints on run, layer, token and expert are used to read only
// the blocks they leave; columns not asked for are not read. Throws Error.
void addRowViews(sqlite3* db);

} // namespace moescope::sqlite
