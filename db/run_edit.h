#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/routing/ids.h"
#include "engine/routing/moe_config.h"

namespace moescope {

// Changes to runs that are recorded already. `run` is an id or name. Throw Error: NotFound (file, run), Conflict (the
// name is taken, or a run to be removed is still being recorded), Io.
void renameRun(const std::filesystem::path& file, std::string_view run, const std::string& name);
void noteRun(const std::filesystem::path& file, std::string_view run, const std::string& note);
// The file keeps its size; later runs use the room.
void removeRun(const std::filesystem::path& file, std::string_view run);

// Sets the selection bias of a run's layers, which a training learns before it records; each of `layers` is a layer of
// the run. Throws Error(Conflict) where tokens are recorded already.
void setSelectionBias(const std::filesystem::path& file, RunId run, const std::vector<MoeLayerInfo>& layers);

} // namespace moescope
