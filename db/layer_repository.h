#pragma once

#include <vector>

#include "db/block_codec.h"
#include "engine/routing/ids.h"
#include "engine/routing/run_spec.h"

struct sqlite3;

namespace moescope::sqlite {

// The table layer: a run's gates and how their blocks lie in the file.
void insertLayers(sqlite3* db, RunId run, const RunSpec& spec);
std::vector<LayerStorage> loadLayers(sqlite3* db, RunId run, LogitStorage logits); // in the model's order

} // namespace moescope::sqlite
