#pragma once

#include <cstdint>

namespace moescope {

class Engine;

// Grows with every change of engine.h that an old module or program would misread.
inline constexpr std::uint32_t kEngineInterface = 4;

// The one symbol of the module: null where the interface number is not the module's own. The engine lives as long as
// the process.
using CreateEngine = Engine* (*)(std::uint32_t interfaceNumber);
inline constexpr const char* kCreateEngineSymbol = "moescopeCreateEngine";
inline constexpr const char* kEngineModuleFile = "moescope_engine.so";

} // namespace moescope
