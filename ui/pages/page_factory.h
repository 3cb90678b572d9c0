#pragma once

#include <memory>

#include <QStringList>

#include "ui/pages/page.h"

namespace moescope {

// The pages by the names the command line uses, in the order of the window's list.
QStringList pageNames();
// What a person reads for a page's name.
QString pageTitle(const QString& name);
// Null for a name that is none.
Page* makePage(const QString& name, Workspace& workspace, QWidget* parent = nullptr);

} // namespace moescope
