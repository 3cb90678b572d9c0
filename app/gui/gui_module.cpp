#include "app/gui/gui.h"
#include "app/service/record_service.h"
#include "engine/session/engine_loader.h"
#include "ui/render.h"
#include "ui/window.h"

namespace moescope {

namespace {

class QtGui final : public Gui {
public:
    int openWindow(const std::vector<std::string>& recordings) override {
        WindowServices services;
        services.record = [](const RecordRequest& request, RecordObserver& observer, std::stop_token stop) {
            return RecordService(loadEngine()).record(request, observer, std::move(stop));
        };
        return runWindow(recordings, services);
    }
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
