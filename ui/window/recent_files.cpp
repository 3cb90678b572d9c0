#include "ui/window/recent_files.h"

#include <QFileInfo>

#include "ui/window/settings.h"

namespace moescope {

namespace {
constexpr int kMost = 10;
const QLatin1String kKey("recentFiles");
} // namespace

QStringList recentFiles(const Settings& settings) {
    QStringList out;
    for (const QString& file : settings.value(kKey).toStringList()) {
        if (QFileInfo::exists(file)) {
            out << file;
        }
    }
    return out;
}

void rememberFile(Settings& settings, const QString& file) {
    const QString path = QFileInfo(file).absoluteFilePath();
    QStringList files = settings.value(kKey).toStringList();
    files.removeAll(path);
    files.prepend(path);
    settings.setValue(kKey, QStringList(files.mid(0, kMost)));
}

void forgetFiles(Settings& settings) {
    settings.setValue(kKey, {});
}

} // namespace moescope
