#include "ui/charts/picture.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QPainter>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QWidget>

#include "engine/routing/error.h"
#include "ui/charts/theme.h"

namespace moescope {

namespace {

void paintInto(QWidget& widget, QPaintDevice& device) {
    QPainter painter(&device);
    painter.fillRect(QRect(QPoint(0, 0), widget.size()), themeOf(widget).surface);
    widget.render(&painter, QPoint(), QRegion(), QWidget::DrawChildren | QWidget::DrawWindowBackground);
}

void saveBytes(const QByteArray& bytes, const QString& file) {
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size() || !out.commit()) {
        throw Error(ErrorCode::Io, "cannot write " + file.toStdString() + ": " + out.errorString().toStdString() +
                                       "; choose a folder you can write to");
    }
}

QByteArray pngOf(QWidget& widget, double scale) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    imageOf(widget, scale).save(&buffer, "PNG");
    return bytes;
}

QByteArray svgOf(QWidget& widget) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(widget.logicalDpiX()); // else text of so many points has another size
    generator.setSize(widget.size());
    generator.setViewBox(QRect(QPoint(0, 0), widget.size()));
    generator.setTitle(widget.accessibleName());
    paintInto(widget, generator);
    return bytes;
}

QByteArray pdfOf(QWidget& widget) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(96);
    writer.setPageSize(
        QPageSize(QSizeF(widget.size()) * 72.0 / 96.0, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    paintInto(widget, writer);
    return bytes;
}

} // namespace

QImage imageOf(QWidget& widget, double scale) {
    QImage image((QSizeF(widget.size()) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(themeOf(widget).surface);
    widget.render(&image, QPoint(), QRegion(), QWidget::DrawChildren | QWidget::DrawWindowBackground);
    return image;
}

void savePicture(QWidget& widget, const QString& file, double scale) {
    QByteArray bytes;
    if (file.endsWith(QLatin1String(".png"), Qt::CaseInsensitive)) {
        bytes = pngOf(widget, scale);
    } else if (file.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)) {
        bytes = svgOf(widget);
    } else if (file.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive)) {
        bytes = pdfOf(widget);
    } else {
        throw Error(ErrorCode::InvalidArgument,
                    "cannot write " + file.toStdString() + ": the name must end in .png, .svg or .pdf");
    }
    saveBytes(bytes, file);
}

void saveText(const QString& text, const QString& file) {
    saveBytes(text.toUtf8(), file);
}

QString fileNameOf(const QString& words, const QString& ending) {
    QString name = words.toLower();
    name.replace(QRegularExpression(QStringLiteral("[^\\p{L}\\p{N}.]+")), QStringLiteral("-"));
    name.remove(QRegularExpression(QStringLiteral("^-+|-+$")));
    return (name.isEmpty() ? QStringLiteral("moescope") : name) + QLatin1Char('.') + ending;
}

} // namespace moescope
