#include "ui/window/recent_files.h"

#include <QFileInfo>
#include <QSettings>

namespace moescope {

namespace {
constexpr int kMost = 10;
const QLatin1String kKey("recentFiles");
} // namespace

QStringList recentFiles(const QSettings& settings) {
    QStringList out;
    for (const QString& file : settings.value(kKey).toStringList()) {
        if (QFileInfo::exists(file)) {
            out << file;
        }
    }
    return out;
}

void rememberFile(QSettings& settings, const QString& file) {
    const QString path = QFileInfo(file).absoluteFilePath();
    QStringList files = settings.value(kKey).toStringList();
    files.removeAll(path);
    files.prepend(path);
    settings.setValue(kKey, QStringList(files.mid(0, kMost)));
}

void forgetFiles(QSettings& settings) {
    settings.remove(kKey);
}

} // namespace moescope
