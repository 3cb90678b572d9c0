#include "ui/charts/expert_colors.h"

#include <algorithm>
#include <cmath>

namespace moescope {

namespace {

// OKLCH to sRGB (Björn Ottosson's OKLab), so that equal lightness looks equally light.
QColor fromOklch(double lightness, double chroma, double hue) {
    const double a = chroma * std::cos(hue), b = chroma * std::sin(hue);
    const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
    const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
    const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
    const auto encode = [](double c) {
        const double v = std::clamp(c, 0.0, 1.0);
        return float(v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055);
    };
    return QColor::fromRgbF(encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                            encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                            encode(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
}

} // namespace

QColor expertColor(int expert, int experts, const Theme& theme, bool strong) {
    constexpr double kGoldenAngle = 2.399963229728653;
    const double hue = 0.45 + kGoldenAngle * expert;
    const int ring = experts > 12 ? expert % 3 : expert % 2; // lightness helps where hues repeat
    if (theme.dark) {
        return strong ? fromOklch(0.74 - 0.07 * ring, 0.13, hue) : fromOklch(0.46 - 0.065 * ring, 0.085, hue);
    }
    return strong ? fromOklch(0.66 - 0.08 * ring, 0.14, hue) : fromOklch(0.90 - 0.055 * ring, 0.075, hue);
}

} // namespace moescope
