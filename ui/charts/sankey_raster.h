#pragma once

#include <QColor>
#include <QImage>

#include "ui/charts/sankey_layout.h"

namespace moescope {

// Blends links into a picture, many times quicker than filling a path for each: a link is as high as its band in every
// column of pixels, and all links between two columns bend alike.
class SankeyRaster {
public:
    SankeyRaster(QSize size, double scale); // pixels a unit: the screen's device pixel ratio

    void add(const SankeyBand& band, QColor color);
    QImage image() const; // premultiplied, clear where nothing is

private:
    struct Bend { // of the links from one x to another
        double left = 0, right = 0;
        int first = 0;             // pixel column
        std::vector<double> share; // [columns] how far a link has come from its first height to its last
    };
    const Bend& bendOf(const SankeyBand& band);

    double m_scale;
    QImage m_image;
    Bend m_bend;
};

} // namespace moescope
