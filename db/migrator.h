#pragma once

#include "db/connection.h"

namespace moescope::sqlite {

inline constexpr int kApplicationId = 0x4D6F4553; // "MoES"
int newestSchema();

// Throws Error unless the file is a recording this program can read: Corruption for another kind of database,
// Unsupported for the schema of a newer program. Returns its schema's version.
int checkRecording(Connection& connection);

// Brings an empty database or an older schema to the newest, in one transaction.
void migrate(Connection& connection);

} // namespace moescope::sqlite
