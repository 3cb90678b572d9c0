#include "ui/charts/color_scale.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "ui/charts/number_format.h"

namespace moescope {

namespace {

using Rgb = std::array<double, 3>;

// Sixth-degree polynomial fit of matplotlib's viridis, within 1/255 of the table.
Rgb viridis(double t) {
    static constexpr std::array<Rgb, 7> kCoefficients = {
        {{0.2777273272234177, 0.005407344544966578, 0.3340998053353061},
         {0.1050930431085774, 1.404613529898575, 1.384590162594685},
         {-0.3308618287255563, 0.214847559468213, 0.09509516302823659},
         {-4.634230498983486, -5.799100973351585, -19.33244095627987},
         {6.228269936347081, 14.17993336680509, 56.69055260068105},
         {4.776384997670288, -13.74514537774601, -65.35303263337234},
         {-5.435455855934631, 4.645852612178535, 26.3124352495832}}};
    Rgb out{};
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = kCoefficients.size(); i-- > 0;) {
            out[c] = out[c] * t + kCoefficients[i][c];
        }
    }
    return out;
}

template <std::size_t N>
Rgb interpolate(const std::array<std::uint32_t, N>& anchors, double t) {
    const double at = std::clamp(t, 0.0, 1.0) * double(N - 1);
    const auto i = std::min(std::size_t(at), N - 2);
    const double f = at - double(i);
    Rgb out{};
    for (std::size_t c = 0; c < 3; ++c) {
        const int shift = 16 - 8 * int(c);
        const double a = double((anchors[i] >> shift) & 255U), b = double((anchors[i + 1] >> shift) & 255U);
        out[c] = (a + (b - a) * f) / 255.0;
    }
    return out;
}

constexpr std::array<std::uint32_t, 18> kCividis = {0x00204c, 0x002a66, 0x00346e, 0x273f6c, 0x3c4a6b, 0x4c556b,
                                                    0x5b5f6d, 0x686a70, 0x757575, 0x838178, 0x928c78, 0xa19876,
                                                    0xb0a572, 0xc0b16d, 0xd1bf66, 0xe1cc5c, 0xf3db4f, 0xffe945};
constexpr std::array<std::uint32_t, 7> kBlueOrangeLight = {0x174a82, 0x3d7fc4, 0x9dc3e6, 0xf3f3f1,
                                                           0xf6bf85, 0xdd7a1c, 0x8f4405};
constexpr std::array<std::uint32_t, 7> kBlueOrangeDark = {0x9ecbf5, 0x4f92d6, 0x2a5583, 0x2a2e35,
                                                          0x87501c, 0xe08a35, 0xfcc98c};

} // namespace

ColorScale ColorScale::sequential(ColorMap map, double low, double high) {
    ColorScale scale;
    scale.m_map = map;
    scale.m_low = low;
    scale.m_high = high > low ? high : low + 1;
    return scale;
}

ColorScale ColorScale::ratio(double octaves, double centre) {
    ColorScale scale;
    scale.m_map = ColorMap::BlueOrange;
    scale.m_low = centre * std::exp2(-octaves);
    scale.m_high = centre * std::exp2(octaves);
    scale.m_log = true;
    scale.m_lowLog = std::log2(scale.m_low);
    scale.m_spanLog = std::log2(scale.m_high) - scale.m_lowLog;
    return scale;
}

ColorScale ColorScale::difference(double extent) {
    ColorScale scale = sequential(ColorMap::BlueOrange, -std::abs(extent), std::abs(extent));
    return scale;
}

double ColorScale::position(double value) const {
    if (std::isnan(value)) {
        return value;
    }
    if (m_log) {
        return value <= 0 ? 0.0 : std::clamp((std::log2(value) - m_lowLog) / m_spanLog, 0.0, 1.0);
    }
    return std::clamp((value - m_low) / (m_high - m_low), 0.0, 1.0);
}

double ColorScale::valueAt(double position) const {
    return m_log ? m_low * std::exp2(position * (std::log2(m_high) - std::log2(m_low)))
                 : m_low + position * (m_high - m_low);
}

QColor ColorScale::colorAt(double position, const Theme& theme) const {
    if (std::isnan(position)) {
        return theme.raised;
    }
    Rgb c{};
    switch (m_map) {
    case ColorMap::Viridis:
        c = viridis(position);
        break;
    case ColorMap::Cividis:
        c = interpolate(kCividis, position);
        break;
    case ColorMap::BlueOrange:
        c = interpolate(theme.dark ? kBlueOrangeDark : kBlueOrangeLight, position);
        break;
    }
    const auto channel = [](double v) { return float(std::clamp(v, 0.0, 1.0)); };
    return QColor::fromRgbF(channel(c[0]), channel(c[1]), channel(c[2]));
}

QColor ColorScale::color(double value, const Theme& theme) const {
    return colorAt(position(value), theme);
}

std::vector<double> ColorScale::ticks() const {
    if (!m_log) {
        return niceTicks(m_low, m_high, 5);
    }
    std::vector<double> out;
    const int octaves = int(std::round((std::log2(m_high) - std::log2(m_low)) / 2));
    const double centre = std::sqrt(m_low * m_high);
    for (int i = -octaves; i <= octaves; ++i) {
        out.push_back(centre * std::exp2(i));
    }
    return out;
}

} // namespace moescope
