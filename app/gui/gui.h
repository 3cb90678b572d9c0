#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace moescope {

struct RenderRequest;

// The part of the program that needs Qt: a module opened on first use (see gui_loader.h). Main thread only.
class Gui {
public:
    virtual ~Gui() = default;
    // Opens the window on recordings or moescope:// links, at the first of `runs` (empty: the latest) with the others
    // to compare, and returns its exit status when it is closed.
    virtual int openWindow(const std::vector<std::string>& recordings, const std::vector<std::string>& runs) = 0;
    // Names of the pages that render draws.
    virtual std::vector<std::string> views() const = 0;
    // See ui/render.h.
    virtual void render(const RenderRequest& request) = 0;
};

// Grows with every change that an old module or program would misread.
inline constexpr std::uint32_t kGuiInterface = 3;

// The one symbol of the module: null where the interface number is not the module's own.
using CreateGui = Gui* (*)(std::uint32_t interfaceNumber);
inline constexpr const char* kCreateGuiSymbol = "moescopeCreateGui";
inline constexpr const char* kGuiModuleFile = "moescope_gui.so";

} // namespace moescope
