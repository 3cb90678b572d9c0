#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

class QWidget;

namespace moescope {

// The colours of a look, named by meaning. One colour says one thing on every page: orange is more than a fair share,
// blue is less, grey is what chance explains, red is lost.
struct Theme {
    bool dark = false;
    QColor window, surface, raised, border, grid;
    QColor text, mutedText, faintText;
    QColor accent, accentSoft;   // selection and focus
    QColor over, under, chance;  // load against the fair share
    QColor lost, lostSoft, kept; // capacity
    QColor warning;
};

const Theme& lightTheme();
const Theme& darkTheme();

// Widgets find their look through their palette, so that a picture can be drawn in another look than the window's.
const Theme& themeOf(const QPalette& palette);
const Theme& themeOf(const QWidget& widget);
QPalette paletteOf(const Theme& theme);
QString styleSheetOf(const Theme& theme);

// True where the desktop asks for a dark look. Ask before a palette of ours is set.
bool desktopPrefersDark();

QFont textFont(double points = 10.0);
QFont codeFont(double points = 10.0);
QFont titleFont();
QFont findingFont();

QColor mix(const QColor& a, const QColor& b, double share); // share of b
QColor readableOn(const QColor& background);                // near-black or near-white, whichever reads better

} // namespace moescope
