#pragma once

#include <QImage>

namespace moescope::test {

// How far two pictures of a page lie apart to the eye: both are averaged over blocks, so that a glyph's edge or a
// pixel's shift hardly counts while a bar that moved, a colour that changed or a panel that is gone does.
struct PictureDifference {
    double changed = 1; // share of blocks whose mean colour differs visibly
    double mean = 255;  // mean distance of the blocks' colours, in 8-bit steps
    QRect worst;        // where it is largest
};

// Pictures of different sizes differ wholly.
PictureDifference differenceOf(const QImage& a, const QImage& b, int block = 8);

// At most 256 colours, the most frequent of the picture's own; each other becomes the nearest of them.
QImage withPalette(const QImage& picture);

} // namespace moescope::test
