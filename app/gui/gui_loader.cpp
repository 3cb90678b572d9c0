#include "app/gui/gui_loader.h"

#include <filesystem>

#include <dlfcn.h>

#include "engine/routing/error.h"

namespace moescope {

namespace {

namespace fs = std::filesystem;

// Beside the program, above it (test programs), or installed.
fs::path findModule() {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const fs::path& place : {folder, folder.parent_path(), folder.parent_path() / "lib" / "moescope"})
        if (fs::exists(place / kGuiModuleFile, error))
            return place / kGuiModuleFile;
    throw Error(ErrorCode::NotFound, (folder / kGuiModuleFile).string() +
                                         ": the window's module is missing; build with MOESCOPE_GUI=ON (needs Qt 6)");
}

Gui* openModule() {
    const fs::path file = findModule();
    void* module = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr)
        throw Error(ErrorCode::NotFound, file.string() + ": cannot be loaded: " + ::dlerror());
    const auto create = reinterpret_cast<CreateGui>(::dlsym(module, kCreateGuiSymbol));
    Gui* gui = create != nullptr ? create(kGuiInterface) : nullptr;
    if (gui == nullptr)
        throw Error(ErrorCode::NotFound, file.string() +
                                             ": belongs to another version of this program; build or install "
                                             "both together");
    return gui;
}

} // namespace

Gui& loadGui() {
    static Gui* const gui = openModule();
    return *gui;
}

} // namespace moescope
