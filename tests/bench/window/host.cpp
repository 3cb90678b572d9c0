#include "tests/bench/window/host.h"

#include <cstdio>
#include <iostream>
#include <thread>

#include <unistd.h>

#include <QApplication>
#include <QComboBox>
#include <QSlider>

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

std::string answer(const std::string& line) {
    MainWindow* window = mainWindow();
    Page* page = window != nullptr ? window->currentPage() : nullptr;
    if (line.starts_with("open ")) {
        window->openFile(QString::fromStdString(line.substr(5)));
    } else if (page == nullptr) {
        return "no page";
    } else if (line == "where slider") {
        return placeOf(page->findChild<QSlider*>(), window);
    } else if (line == "where text") {
        return placeOf(page->findChild<TokenTextView*>(), window);
    } else if (line == "busy") {
        return page->isBusy() ? "1" : "0";
    } else if (line.starts_with("policy ")) {
        choosePolicy(*page, std::stoi(line.substr(7)));
    }
    return "ok";
}

void listen() {
    for (std::string line; std::getline(std::cin, line);) {
        std::string text;
        QMetaObject::invokeMethod(
            qApp, [&] { text = answer(line); }, Qt::BlockingQueuedConnection);
        std::printf("%s\n", text.c_str());
        std::fflush(stdout);
    }
}

} // namespace

int hostWindow(const std::string& recording) {
    std::thread(listen).detach(); // ends with the process
    const int status = runWindow({recording}, {}, WindowServices{});
    std::fflush(nullptr);
    _exit(status);
}

} // namespace moescope::bench
