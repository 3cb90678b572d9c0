#pragma once

#include "app/gui/gui.h"

namespace moescope {

// Opens the window's module beside the program (once per process) and returns it. Throws Error(NotFound) that names the
// file when the module is missing or does not fit this program.
Gui& loadGui();

} // namespace moescope
