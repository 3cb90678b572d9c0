#include "ui/window.h"

#include <QApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include "ui/charts/theme.h"
#include "ui/window/main_window.h"

namespace moescope {

namespace {

QStringList listOf(const std::vector<std::string>& words) {
    QStringList list;
    for (const std::string& word : words) {
        list << QString::fromStdString(word);
    }
    return list;
}

} // namespace

int runWindow(const std::vector<std::string>& recordings, const std::vector<std::string>& runs,
              const WindowServices& services) {
    int count = 1;
    char name[] = "moescope";
    char* arguments[] = {name, nullptr};
    QApplication application(count, arguments);
    QApplication::setApplicationName(QStringLiteral("MoEScope"));
    QApplication::setOrganizationName(QStringLiteral("MoEScope"));
    QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setFont(textFont());
    QTranslator words, qtWords;
    if (words.load(QLocale(), QStringLiteral("moescope"), QStringLiteral("_"), QStringLiteral(":/i18n"))) {
        QApplication::installTranslator(&words);
    }
    if (qtWords.load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"),
                     QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        QApplication::installTranslator(&qtWords);
    }
    MainWindow window(services);
    if (recordings.empty()) {
        window.restoreSession();
    } else {
        window.openArguments(listOf(recordings), listOf(runs));
    }
    window.show();
    return QApplication::exec();
}

} // namespace moescope
