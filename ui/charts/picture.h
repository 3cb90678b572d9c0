#pragma once

#include <QImage>
#include <QString>

class QWidget;

namespace moescope {

// A widget as it would be drawn at its present size, `scale` device pixels a point.
QImage imageOf(QWidget& widget, double scale = 2.0);
// PNG, SVG or PDF by the name's ending. Written beside the target first, then renamed: no partial file is left under
// the final name. Throws Error (InvalidArgument for another ending, Io).
void savePicture(QWidget& widget, const QString& file, double scale = 2.0);

// UTF-8, with the same care. Throws Error (Io).
void saveText(const QString& text, const QString& file);

// "run layer-5 load.png": letters, digits and dashes only.
QString fileNameOf(const QString& words, const QString& ending);

} // namespace moescope
