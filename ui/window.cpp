#include "ui/window.h"

#include <QApplication>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include "ui/charts/theme.h"
#include "ui/window/main_window.h"

namespace moescope {

namespace {

// Files that are recordings; a link names its file in another way.
QString firstFile(const std::vector<std::string>& arguments) {
    for (const std::string& argument : arguments) {
        if (argument.rfind("moescope://", 0) != 0) {
            return QString::fromStdString(argument);
        }
    }
    return {};
}

} // namespace

int runWindow(const std::vector<std::string>& recordings, const WindowServices& services) {
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
    if (const QString file = firstFile(recordings); !file.isEmpty()) {
        window.openFile(file);
    }
    window.show();
    return QApplication::exec();
}

} // namespace moescope
