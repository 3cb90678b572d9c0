#pragma once

#include "engine/session/engine.h"

namespace moescope {

// Opens the engine module beside the program (once per process) and returns it. Throws Error(NotFound) that names the
// file when the module is missing or does not fit this program.
Engine& loadEngine();

} // namespace moescope
