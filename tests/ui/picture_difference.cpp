#include "tests/ui/picture_difference.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <QHash>

namespace moescope::test {

namespace {

constexpr double kVisible = 20; // of 255, mean over a block

using Mean = std::array<double, 3>;

Mean meanOf(const QImage& picture, const QRect& box) {
    Mean sum{};
    for (int y = box.top(); y <= box.bottom(); ++y) {
        for (int x = box.left(); x <= box.right(); ++x) {
            const QRgb pixel = picture.pixel(x, y);
            sum[0] += qRed(pixel);
            sum[1] += qGreen(pixel);
            sum[2] += qBlue(pixel);
        }
    }
    for (double& channel : sum) {
        channel /= double(box.width()) * box.height();
    }
    return sum;
}

int distance(QRgb a, QRgb b) {
    return std::abs(qRed(a) - qRed(b)) + std::abs(qGreen(a) - qGreen(b)) + std::abs(qBlue(a) - qBlue(b));
}

} // namespace

PictureDifference differenceOf(const QImage& a, const QImage& b, int block) {
    PictureDifference out;
    if (a.size() != b.size() || a.isNull()) {
        return out;
    }
    int blocks = 0, changed = 0;
    double sum = 0, worst = -1;
    for (int y = 0; y < a.height(); y += block) {
        for (int x = 0; x < a.width(); x += block, ++blocks) {
            const QRect box = QRect(x, y, block, block).intersected(a.rect());
            const Mean here = meanOf(a, box), there = meanOf(b, box);
            double apart = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                apart = std::max(apart, std::abs(here[c] - there[c]));
            }
            sum += apart;
            changed += int(apart > kVisible);
            if (apart > worst) {
                worst = apart;
                out.worst = box;
            }
        }
    }
    out.changed = double(changed) / blocks;
    out.mean = sum / blocks;
    return out;
}

QImage withPalette(const QImage& picture) {
    QHash<QRgb, int> counts;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            ++counts[picture.pixel(x, y)];
        }
    }
    QList<QRgb> colors = counts.keys();
    std::sort(colors.begin(), colors.end(),
              [&](QRgb a, QRgb b) { return counts[a] != counts[b] ? counts[a] > counts[b] : a < b; });
    QHash<QRgb, int> places;
    const QList<QRgb> palette = colors.mid(0, 256);
    for (const QRgb color : std::as_const(colors)) {
        const auto nearest = std::min_element(palette.begin(), palette.end(), [color](QRgb a, QRgb b) {
            return distance(a, color) < distance(b, color);
        });
        places[color] = int(nearest - palette.begin());
    }
    QImage out(picture.size(), QImage::Format_Indexed8);
    out.setColorTable(palette);
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            out.setPixel(x, y, uint(places[picture.pixel(x, y)]));
        }
    }
    return out;
}

} // namespace moescope::test
