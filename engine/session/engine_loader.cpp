#include "engine/session/engine_loader.h"

#include <filesystem>
#include <string>
#include <vector>

#include <dlfcn.h>

#include "engine/routing/error.h"
#include "engine/session/engine_module.h"

namespace moescope {

namespace {

namespace fs = std::filesystem;

// Beside the program, above it (test programs), or installed.
fs::path findModule() {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    const std::vector<fs::path> places{folder, folder.parent_path(), folder.parent_path() / "lib" / "moescope"};
    for (const fs::path& place : places)
        if (fs::exists(place / kEngineModuleFile, error))
            return place / kEngineModuleFile;
    throw Error(ErrorCode::NotFound, (folder / kEngineModuleFile).string() +
                                         ": the engine module is missing; build the target moescope_engine or "
                                         "install the program again");
}

// The module's libraries find their own symbols first: the program's libsentencepiece carries a copy of protobuf that
// LibTorch's must not meet. Sanitizers cannot do that.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kModuleFlags = RTLD_NOW | RTLD_LOCAL;
#else
constexpr int kModuleFlags = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

Engine* openModule() {
    const fs::path file = findModule();
    void* module = ::dlopen(file.c_str(), kModuleFlags);
    if (module == nullptr)
        throw Error(ErrorCode::NotFound, file.string() + ": cannot be loaded: " + ::dlerror());
    const auto create = reinterpret_cast<CreateEngine>(::dlsym(module, kCreateEngineSymbol));
    Engine* engine = create != nullptr ? create(kEngineInterface) : nullptr;
    if (engine == nullptr)
        throw Error(ErrorCode::NotFound, file.string() + ": belongs to another version of this program; build or "
                                                         "install both together");
    return engine;
}

} // namespace

Engine& loadEngine() {
    static Engine* const engine = openModule();
    return *engine;
}

} // namespace moescope
