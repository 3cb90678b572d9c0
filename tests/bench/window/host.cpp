#include "tests/bench/window/host.h"

#include <cstdio>
#include <iostream>
#include <thread>

#include <unistd.h>

#include <QApplication>
#include <QComboBox>
#include <QSlider>

#include "app/service/record_service.h"
#include "engine/session/engine_loader.h"
#include "ui/text/token_text_view.h"
#include "ui/window.h"
#include "ui/window/main_window.h"

namespace moescope::bench {

namespace {

MainWindow* mainWindow() {
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (auto* window = qobject_cast<MainWindow*>(widget)) {
            return window;
        }
    }
    return nullptr;
}

std::string placeOf(const QWidget* widget, const QWidget* window) {
    if (widget == nullptr) {
        return "none";
    }
    const QPoint at = widget->mapTo(window, QPoint(0, 0));
    return std::to_string(at.x()) + ' ' + std::to_string(at.y()) + ' ' + std::to_string(widget->width()) + ' ' +
           std::to_string(widget->height());
}

void choosePolicy(const Page& page, int number) {
    for (QComboBox* box : page.findChildren<QComboBox*>()) {
        if (box->accessibleName() ==
            QCoreApplication::translate("CapacityControls", "What happens to choices without room")) {
            box->setCurrentIndex(number);
        }
    }
}

void queueRecording(MainWindow& window, const std::string& words) {
    const std::size_t texts = words.find('\t') + 1, file = words.find('\t', texts) + 1;
    RecordRequest request;
    request.model = words.substr(0, texts - 1);
    const TextInput input{words.substr(texts, file - 1 - texts), {}};
    request.inputs.assign(6, input); // so that it lasts
    request.db = words.substr(file);
    window.queueRecord(request);
}

bool shows(MainWindow& window, const std::string& file) {
    return file.empty() ||
           (window.workspace().recording() != nullptr && window.workspace().recording()->file() == file);
}

// wanted: the recording that was asked for last.
std::string answer(const std::string& line, std::string& wanted) {
    MainWindow* window = mainWindow();
    Page* page = window != nullptr ? window->currentPage() : nullptr;
    if (line.starts_with("open ")) {
        wanted = line.substr(5);
        window->openFile(QString::fromStdString(wanted));
    } else if (line.starts_with("record ")) {
        queueRecording(*window, line.substr(7));
    } else if (line == "recording") {
        const RunInfo* run = window->workspace().run();
        return run != nullptr && run->state == RunState::Recording ? "1" : "0";
    } else if (page == nullptr) {
        return "no page";
    } else if (line == "where slider") {
        return placeOf(page->findChild<QSlider*>(), window);
    } else if (line == "where text") {
        return placeOf(page->findChild<TokenTextView*>(), window);
    } else if (line == "busy") {
        return page->isBusy() || !window->workspace().facts() || !shows(*window, wanted) ? "1" : "0";
    } else if (line.starts_with("policy ")) {
        choosePolicy(*page, std::stoi(line.substr(7)));
    }
    return "ok";
}

void listen() {
    std::string wanted;
    for (std::string line; std::getline(std::cin, line);) {
        std::string text;
        QMetaObject::invokeMethod(
            qApp, [&] { text = answer(line, wanted); }, Qt::BlockingQueuedConnection);
        std::printf("%s\n", text.c_str());
        std::fflush(stdout);
    }
}

} // namespace

int hostWindow(const std::vector<std::string>& recordings) {
    std::thread(listen).detach(); // ends with the process
    WindowServices services;
    services.record = [](const RecordRequest& request, RecordObserver& observer, std::stop_token stop) {
        return RecordService(loadEngine()).record(request, observer, std::move(stop));
    };
    const int status = runWindow(recordings, {}, services);
    std::fflush(nullptr);
    _exit(status);
}

} // namespace moescope::bench
