#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "db/run_info.h"

namespace moescope::sqlite {

// The tables run, document and piece. None of these begins a transaction.

// Adds a run in state recording, written by this process. Throws Error(Conflict) where the name is taken.
RunId insertRun(Connection& connection, const RunSpec& spec);
void linkRuns(Connection& connection, RunId a, RunId b); // the two stacks of one model
void replaceDocuments(Connection& connection, RunId run, const std::vector<DocumentInfo>& documents);
void insertPieces(Connection& connection, RunId run, const std::vector<Piece>& pieces); // those not there yet

void deleteRun(Connection& connection, RunId run); // and everything of it

std::vector<RunInfo> loadRuns(Connection& connection);
// By id or name (a name of digits only is found as a name first); empty: the latest. Throws Error(NotFound).
RunInfo loadRun(Connection& connection, std::string_view idOrName);
RunInfo loadRun(Connection& connection, RunId run);
std::vector<Piece> loadPieces(Connection& connection, RunId run);

} // namespace moescope::sqlite
