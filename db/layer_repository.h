#pragma once

#include <vector>

#include "db/block_codec.h"
#include "engine/routing/ids.h"
#include "engine/routing/run_spec.h"

struct sqlite3;

namespace moescope::sqlite {

// The table layer: a run's gates and how their blocks lie in the file.
// logitsOf: the run whose logits these layers read, RunId{} for none. Throws Error(Conflict) unless it has the same
// layers with the same experts and as many bits of their logits.
void insertLayers(sqlite3* db, RunId run, const RunSpec& spec, RunId logitsOf);
std::vector<LayerStorage> loadLayers(sqlite3* db, RunId run, LogitStorage logits); // in the model's order

// Before `run` is deleted: logits that other runs read become those of the one that reads most of them.
void handOverLogits(sqlite3* db, RunId run);

} // namespace moescope::sqlite
