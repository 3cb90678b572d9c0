#pragma once

#include <QStringList>

namespace moescope {

class Settings;

// The recordings opened last, newest first; files that are gone are left out.
QStringList recentFiles(const Settings& settings);
void rememberFile(Settings& settings, const QString& file);
void forgetFiles(Settings& settings);

} // namespace moescope
