#include "ui/charts/sankey_raster.h"

#include <algorithm>
#include <cmath>

namespace moescope {

namespace {

// The curve's parameter where it has come the share u of its way from left to right: the control points lie halfway, so
// u = 1.5 t (1 - t) + t^3, which grows with t.
double parameterAt(double u) {
    double low = 0, high = 1;
    for (int i = 0; i < 24; ++i) {
        const double t = (low + high) / 2;
        (1.5 * t * (1 - t) + t * t * t < u ? low : high) = t;
    }
    return (low + high) / 2;
}

// over: 0 .. 255 a channel, premultiplied; coverage: in 1/256.
void blend(QRgb& pixel, QRgb over, unsigned coverage) {
    const unsigned keep = 65536U - unsigned(qAlpha(over)) * coverage * 65536U / (255U * 256U);
    const auto part = [keep, coverage](unsigned under, unsigned on) {
        return (under * keep + on * coverage * 256U + 32768U) >> 16;
    };
    pixel = part(pixel & 255U, over & 255U) | part((pixel >> 8) & 255U, (over >> 8) & 255U) << 8 |
            part((pixel >> 16) & 255U, (over >> 16) & 255U) << 16 | part(pixel >> 24, over >> 24) << 24;
}

} // namespace

SankeyRaster::SankeyRaster(QSize size, double scale)
    : m_scale(scale), m_image((QSizeF(size) * scale).toSize(), QImage::Format_ARGB32_Premultiplied) {
    m_image.fill(Qt::transparent);
}

const SankeyRaster::Bend& SankeyRaster::bendOf(const SankeyBand& band) {
    if (m_bend.share.empty() || m_bend.left != band.left || m_bend.right != band.right) {
        m_bend = {band.left, band.right, int(std::floor(band.left * m_scale)), {}};
        for (int x = m_bend.first; x < std::min(m_image.width(), int(std::ceil(band.right * m_scale))); ++x) {
            const double u = ((x + 0.5) / m_scale - band.left) / (band.right - band.left);
            const double t = parameterAt(std::clamp(u, 0.0, 1.0));
            m_bend.share.push_back(3 * t * t - 2 * t * t * t);
        }
    }
    return m_bend;
}

void SankeyRaster::add(const SankeyBand& band, QColor color) {
    const Bend& bend = bendOf(band);
    const QRgb premultiplied = qPremultiply(color.rgba());
    const auto stride = m_image.bytesPerLine() / qsizetype(sizeof(QRgb));
    auto* pixels = reinterpret_cast<QRgb*>(m_image.bits());
    for (std::size_t i = 0; i < bend.share.size(); ++i) {
        const int x = bend.first + int(i);
        const double v = bend.share[i];
        const double top = (band.y0 + (band.y1 - band.y0) * v) * m_scale;
        const double bottom = top + (band.h0 + (band.h1 - band.h0) * v) * m_scale;
        const int last = std::min(m_image.height() - 1, int(std::floor(bottom)));
        for (int y = std::max(0, int(std::floor(top))); y <= last; ++y) {
            const double coverage = std::min(bottom, y + 1.0) - std::max(top, double(y));
            if (coverage > 0 && x >= 0) {
                blend(pixels[y * stride + x], premultiplied, unsigned(coverage * 256 + 0.5));
            }
        }
    }
}

QImage SankeyRaster::image() const {
    QImage image = m_image;
    image.setDevicePixelRatio(m_scale);
    return image;
}

} // namespace moescope
