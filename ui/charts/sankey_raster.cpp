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

void blend(QRgb& pixel, QRgb premultiplied, double alpha, double coverage) {
    const double keep = 1 - alpha * coverage;
    const auto part = [&](int under, int over) { return int(std::lround(under * keep + over * coverage)); };
    pixel = qRgba(part(qRed(pixel), qRed(premultiplied)), part(qGreen(pixel), qGreen(premultiplied)),
                  part(qBlue(pixel), qBlue(premultiplied)), part(qAlpha(pixel), qAlpha(premultiplied)));
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
    const double alpha = color.alphaF();
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
                blend(pixels[y * stride + x], premultiplied, alpha, coverage);
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
