#include "app/gui/gui.h"
#include "ui/render.h"

namespace moescope {

namespace {

class QtGui final : public Gui {
public:
    int openWindow(const std::vector<std::string>& recordings) override { return runWindow(recordings); }
    void render(const RenderRequest& request) override { renderPage(request); }
};

} // namespace

} // namespace moescope

extern "C" __attribute__((visibility("default"))) moescope::Gui* moescopeCreateGui(std::uint32_t interfaceNumber) {
    if (interfaceNumber != moescope::kGuiInterface)
        return nullptr;
    static moescope::QtGui gui;
    return &gui;
}
