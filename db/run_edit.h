#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace moescope {

// Changes to runs that are recorded already. `run` is an id or name. Throw Error: NotFound (file, run), Conflict (the
// name is taken, or a run to be removed is still being recorded), Io.
void renameRun(const std::filesystem::path& file, std::string_view run, const std::string& name);
void noteRun(const std::filesystem::path& file, std::string_view run, const std::string& note);
// The file keeps its size; later runs use the room.
void removeRun(const std::filesystem::path& file, std::string_view run);

} // namespace moescope
