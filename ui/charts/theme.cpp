#include "ui/charts/theme.h"

#include <cmath>

#include <QFontDatabase>
#include <QGuiApplication>
#include <QStyleHints>
#include <QWidget>

namespace moescope {

namespace {

Theme makeLight() {
    Theme t;
    t.dark = false;
    t.window = QColor("#f4f5f7");
    t.surface = QColor("#ffffff");
    t.raised = QColor("#eef0f4");
    t.border = QColor("#dde1e7");
    t.grid = QColor("#e9ecf0");
    t.text = QColor("#1a1f29");
    t.mutedText = QColor("#576070");
    t.faintText = QColor("#6b7482");
    t.accent = QColor("#2b5fc7");
    t.accentSoft = QColor("#dfe8fa");
    t.over = QColor("#d9730f");
    t.under = QColor("#3d7fc4");
    t.chance = QColor("#a8afba");
    t.lost = QColor("#c22f2f");
    t.lostSoft = QColor("#f3b4ae");
    t.kept = QColor("#6f96bf");
    t.warning = QColor("#a85a00");
    return t;
}

Theme makeDark() {
    Theme t;
    t.dark = true;
    t.window = QColor("#15181d");
    t.surface = QColor("#1d2127");
    t.raised = QColor("#282d35");
    t.border = QColor("#343a44");
    t.grid = QColor("#2b3038");
    t.text = QColor("#e6e9ee");
    t.mutedText = QColor("#a5adb9");
    t.faintText = QColor("#8f98a5");
    t.accent = QColor("#7aa5f5");
    t.accentSoft = QColor("#2a3a58");
    t.over = QColor("#f0963f");
    t.under = QColor("#65a3e0");
    t.chance = QColor("#7b8492");
    t.lost = QColor("#f0716b");
    t.lostSoft = QColor("#7d3634");
    t.kept = QColor("#6f96bf");
    t.warning = QColor("#f2b25c");
    return t;
}

double luminance(const QColor& color) {
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

QFont withPoints(QFont font, double points) {
    font.setPointSizeF(points);
    return font;
}

} // namespace

const Theme& lightTheme() {
    static const Theme theme = makeLight();
    return theme;
}

const Theme& darkTheme() {
    static const Theme theme = makeDark();
    return theme;
}

const Theme& themeOf(const QPalette& palette) {
    // Midlight holds the grid's colour; style sheets leave it alone, unlike the roles of grounds and text.
    return palette.color(QPalette::Active, QPalette::Midlight).lightness() < 128 ? darkTheme() : lightTheme();
}

const Theme& themeOf(const QWidget& widget) {
    return themeOf(widget.palette());
}

bool desktopPrefersDark() {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
    return QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
#endif
}

QFont textFont(double points) {
    QFont font(QStringList{"Noto Sans", "DejaVu Sans", "Noto Sans CJK KR", "Noto Sans Arabic", "Noto Sans Hebrew"});
    return withPoints(font, points);
}

QFont codeFont(double points) {
    QFont font(QStringList{"DejaVu Sans Mono", "Noto Sans Mono", "Noto Sans Mono CJK KR"});
    font.setStyleHint(QFont::Monospace);
    font.setFixedPitch(true);
    return withPoints(font, points);
}

QFont titleFont() {
    QFont font = textFont(10.5);
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont findingFont() {
    QFont font = textFont(14.5);
    font.setWeight(QFont::Medium);
    return font;
}

QColor mix(const QColor& a, const QColor& b, double share) {
    const auto part = [share](double x, double y) { return float(x + (y - x) * share); };
    return QColor::fromRgbF(part(a.redF(), b.redF()), part(a.greenF(), b.greenF()), part(a.blueF(), b.blueF()));
}

QColor readableOn(const QColor& background) {
    return luminance(background) > 0.22 ? QColor("#14181f") : QColor("#f6f7f9");
}

} // namespace moescope
