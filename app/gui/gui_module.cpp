#include <cstdio>

#include <QString>

#include "app/gui/gui.h"
#include "app/service/record_service.h"
#include "app/service/train_service.h"
#include "datasets/bundled.h"
#include "engine/routing/error.h"
#include "engine/session/engine_loader.h"
#include "ui/render.h"
#include "ui/window.h"

namespace moescope {

namespace {

// Qt's warnings, but for those about a machine without a display: pictures are drawn without one on purpose.
void report(QtMsgType type, const QMessageLogContext& context, const QString& message) {
    const bool expected = message.contains(QLatin1String("propagateSizeHints")) ||
                          message.startsWith(QLatin1String("QStandardPaths: XDG_RUNTIME_DIR"));
    if (!expected && type != QtDebugMsg && type != QtInfoMsg)
        std::fprintf(stderr, "moescope: %s\n", qPrintable(qFormatLogMessage(type, context, message)));
}

// What comes with the program, where it is installed.
template <class Find>
std::string offered(Find find) {
    try {
        return find().string();
    } catch (const Error&) {
        return {};
    }
}

class QtGui final : public Gui {
public:
    QtGui() { qInstallMessageHandler(report); }

    int openWindow(const std::vector<std::string>& recordings, const std::vector<std::string>& runs) override {
        WindowServices services;
        services.record = [](const RecordRequest& request, RecordObserver& observer, std::stop_token stop) {
            return RecordService(loadEngine()).record(request, observer, std::move(stop));
        };
        services.train = [](const TrainRequest& request, TrainFollower& follower, std::stop_token stop) {
            return TrainService(loadEngine()).train(request, follower, std::move(stop));
        };
        services.model = offered([] { return bundledModel("demo"); });
        services.texts = offered(bundledTexts);
        return runWindow(recordings, runs, services);
    }
    std::vector<std::string> views() const override { return renderViews(); }
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
