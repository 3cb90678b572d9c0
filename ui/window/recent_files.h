#pragma once

#include <QStringList>

class QSettings;

namespace moescope {

// The recordings opened last, newest first; files that are gone are left out.
QStringList recentFiles(const QSettings& settings);
void rememberFile(QSettings& settings, const QString& file);
void forgetFiles(QSettings& settings);

} // namespace moescope
