#pragma once

#include <QColor>

#include "ui/charts/theme.h"

namespace moescope {

// The colour of an expert, the same on every page: neighbours in number are far apart in hue. `strong` for bars and
// marks, otherwise a ground that text of the theme reads on.
QColor expertColor(int expert, int experts, const Theme& theme, bool strong);

} // namespace moescope
