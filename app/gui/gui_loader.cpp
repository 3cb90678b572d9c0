#include "app/gui/gui_loader.h"

#include <dlfcn.h>

#include "engine/session/module_file.h"

namespace moescope {

namespace {

Gui* openModule() {
    const ModuleFile module(kGuiModuleFile, RTLD_NOW | RTLD_LOCAL,
                            "the window's module is missing; build with MOESCOPE_GUI=ON (needs Qt 6)");
    const auto create = reinterpret_cast<CreateGui>(module.symbol(kCreateGuiSymbol));
    Gui* gui = create != nullptr ? create(kGuiInterface) : nullptr;
    if (gui == nullptr)
        module.refuse();
    return gui;
}

} // namespace

Gui& loadGui() {
    static Gui* const gui = openModule();
    return *gui;
}

} // namespace moescope
