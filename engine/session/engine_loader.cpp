#include "engine/session/engine_loader.h"

#include <dlfcn.h>

#include "engine/session/engine_module.h"
#include "engine/session/module_file.h"

namespace moescope {

namespace {

// The module's libraries find their own symbols first: the program's libsentencepiece carries a copy of protobuf that
// LibTorch's must not meet. Sanitizers cannot do that.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kModuleFlags = RTLD_NOW | RTLD_LOCAL;
#else
constexpr int kModuleFlags = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

Engine* openModule() {
    const ModuleFile module(kEngineModuleFile, kModuleFlags,
                            "the engine module is missing; build the target moescope_engine or install the program "
                            "again");
    const auto create = reinterpret_cast<CreateEngine>(module.symbol(kCreateEngineSymbol));
    Engine* engine = create != nullptr ? create(kEngineInterface) : nullptr;
    if (engine == nullptr)
        module.refuse();
    return engine;
}

} // namespace

Engine& loadEngine() {
    static Engine* const engine = openModule();
    return *engine;
}

} // namespace moescope
