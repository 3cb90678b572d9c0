#pragma once

#include <memory>

#include <QStringList>

#include "ui/pages/page.h"

namespace moescope {

// The pages by the names the command line uses, in the order of the window's list.
QStringList pageNames();
// Null for a name that is none.
Page* makePage(const QString& name, Workspace& workspace, QWidget* parent = nullptr);

} // namespace moescope
