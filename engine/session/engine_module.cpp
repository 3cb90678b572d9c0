#include "engine/session/engine_module.h"

#include "engine/session/local_engine.h"

extern "C" __attribute__((visibility("default"))) moescope::Engine*
moescopeCreateEngine(std::uint32_t interfaceNumber) {
    if (interfaceNumber != moescope::kEngineInterface)
        return nullptr;
    static moescope::LocalEngine engine;
    return &engine;
}
