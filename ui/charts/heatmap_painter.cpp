#include "ui/charts/heatmap_painter.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QImage>
#include <QPaintEngine>

#include "ui/charts/number_format.h"

namespace moescope {

namespace {

struct Pen {
    QPainter& painter;
    const HeatmapData& data;
    const HeatmapLayout& layout;
    const Theme& theme;
    QFontMetricsF metrics;
};

bool onScreen(const QPainter& painter) {
    return painter.paintEngine() != nullptr && painter.paintEngine()->type() == QPaintEngine::Raster;
}

void paintAsImage(Pen& pen) {
    QImage image(pen.data.columns, pen.data.rows, QImage::Format_RGB32);
    for (int r = 0; r < pen.data.rows; ++r) {
        for (int c = 0; c < pen.data.columns; ++c) {
            image.setPixelColor(c, r, pen.data.scale.color(pen.data.at(r, c), pen.theme));
        }
    }
    const HeatmapView& v = pen.layout.view;
    pen.painter.drawImage(pen.layout.cells, image, QRectF(v.left, v.top, v.columns, v.rows));
}

void paintValue(Pen& pen, const QRectF& cell, const QColor& ground, double value) {
    const QString text = pen.data.scale.isRatio() ? significant(value, 2) : shortNumber(value, 2);
    const double room = std::max(pen.metrics.horizontalAdvance(text),
                                 pen.metrics.horizontalAdvance(QStringLiteral("0.00"))); // all or none
    if (!std::isnan(value) && room < cell.width() - 6 && cell.height() > pen.metrics.height() + 2) {
        pen.painter.setPen(readableOn(ground));
        pen.painter.drawText(cell, Qt::AlignCenter, text);
    }
}

void paintAsCells(Pen& pen) {
    const double gap = std::min(pen.layout.cellWidth(), pen.layout.cellHeight()) > 7 ? 1.0 : 0.0;
    const HeatmapView& v = pen.layout.view;
    pen.painter.setRenderHint(QPainter::Antialiasing, gap > 0);
    for (int r = int(v.top); r < std::min<double>(pen.data.rows, std::ceil(v.top + v.rows)); ++r) {
        for (int c = int(v.left); c < std::min<double>(pen.data.columns, std::ceil(v.left + v.columns)); ++c) {
            const QRectF cell = pen.layout.cell(r, c).adjusted(0, 0, -gap, -gap);
            const QColor ground = pen.data.scale.color(pen.data.at(r, c), pen.theme);
            pen.painter.fillRect(cell, ground);
            paintValue(pen, cell, ground, pen.data.at(r, c));
        }
    }
}

void paintCells(Pen& pen) {
    pen.painter.save();
    pen.painter.setClipRect(pen.layout.cells);
    const bool fine = pen.layout.cellWidth() < 5 || pen.layout.cellHeight() < 5;
    if (fine && onScreen(pen.painter)) {
        paintAsImage(pen);
    } else {
        paintAsCells(pen);
    }
    pen.painter.restore();
}

// Every n-th label, so that none touches the next.
int labelStep(double cell, double label) {
    int step = 1;
    for (const int next : {1, 2, 4, 5, 8, 10, 16, 20, 32, 50, 64, 100, 128}) {
        step = next;
        if (cell * next >= label) {
            break;
        }
    }
    return step;
}

void paintRowLabels(Pen& pen) {
    const double line = pen.metrics.height();
    const QFont usual = pen.painter.font();
    const bool small = pen.layout.cellHeight() < line * 0.95 && pen.layout.cellHeight() >= 10;
    if (small) { // rather small than every other
        QFont smaller = usual;
        smaller.setPixelSize(int(pen.layout.cellHeight() * 0.8));
        pen.painter.setFont(smaller);
    }
    const int step = labelStep(pen.layout.cellHeight(), small ? 10.0 : line * 0.95);
    for (int r = 0; r < pen.data.rows; r += step) {
        const QRectF cell = pen.layout.cell(r, 0);
        if (cell.center().y() < pen.layout.cells.top() || cell.center().y() > pen.layout.cells.bottom()) {
            continue;
        }
        const QRectF box(line + 4, cell.center().y() - line / 2, pen.layout.cells.left() - line - 10, line);
        pen.painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter,
                             pen.metrics.elidedText(pen.data.rowLabels.value(r), Qt::ElideMiddle, box.width()));
    }
    pen.painter.setFont(usual);
}

void paintColumnLabels(Pen& pen) {
    double widest = 0;
    for (const QString& label : pen.data.columnLabels) {
        widest = std::max(widest, pen.metrics.horizontalAdvance(label));
    }
    const int step = labelStep(pen.layout.cellWidth(), widest + 6);
    for (int c = 0; c < pen.data.columns; c += step) {
        const QRectF cell = pen.layout.cell(0, c);
        if (cell.center().x() < pen.layout.cells.left() || cell.center().x() > pen.layout.cells.right()) {
            continue;
        }
        const QRectF box(cell.center().x() - 40, pen.layout.cells.bottom() + 3, 80, pen.metrics.height());
        pen.painter.drawText(box, Qt::AlignHCenter | Qt::AlignTop, pen.data.columnLabels.value(c));
    }
}

void paintAxes(Pen& pen) {
    pen.painter.setPen(pen.theme.mutedText);
    paintRowLabels(pen);
    paintColumnLabels(pen);
    pen.painter.setPen(pen.theme.faintText);
    pen.painter.drawText(pen.layout.columnTitle, Qt::AlignHCenter | Qt::AlignVCenter, pen.data.columnAxis);
    pen.painter.save();
    pen.painter.translate(pen.layout.rowTitle.center());
    pen.painter.rotate(-90);
    const QRectF turned(-pen.layout.rowTitle.height() / 2, -pen.layout.rowTitle.width() / 2,
                        pen.layout.rowTitle.height(), pen.layout.rowTitle.width());
    pen.painter.drawText(turned, Qt::AlignCenter, pen.data.rowAxis);
    pen.painter.restore();
}

double legendY(const Pen& pen, double value) {
    return pen.layout.legend.bottom() - pen.data.scale.position(value) * pen.layout.legend.height();
}

// A bracket beside the legend: what chance alone would show.
void paintChance(Pen& pen) {
    if (std::isnan(pen.data.chanceLow)) {
        return;
    }
    double top = legendY(pen, pen.data.chanceHigh), bottom = legendY(pen, pen.data.chanceLow);
    constexpr double kLeast = 5; // else a narrow band cannot be seen
    const double spread = std::max(0.0, kLeast - (bottom - top)) / 2;
    top -= spread;
    bottom += spread;
    const double x = pen.layout.legend.left() - 4;
    pen.painter.setPen(QPen(pen.theme.text, 1.5));
    pen.painter.drawLine(QPointF(x, top), QPointF(x, bottom));
    pen.painter.drawLine(QPointF(x, top), QPointF(x + 3, top));
    pen.painter.drawLine(QPointF(x, bottom), QPointF(x + 3, bottom));
}

// "≥8×" where values reach past the scale's end: they all wear its last colour.
QString tickText(const Pen& pen, double tick) {
    const ColorScale& scale = pen.data.scale;
    const auto any = [&pen](auto beyond) {
        return std::any_of(pen.data.values.begin(), pen.data.values.end(), beyond);
    };
    const double low = scale.low() * (1 + 1e-6), high = scale.high() * (1 - 1e-6);
    const bool above = scale.isRatio() && tick >= high && any([&scale](double v) { return v > scale.high(); });
    const bool below = scale.isRatio() && tick <= low && any([&scale](double v) { return v < scale.low(); });
    const QString text = shortNumber(tick) + (scale.isRatio() ? QStringLiteral("×") : QString());
    return (above ? QStringLiteral("≥") : below ? QStringLiteral("≤") : QString()) + text;
}

void paintLegend(Pen& pen) {
    const QRectF& box = pen.layout.legend;
    constexpr int kSteps = 64;
    for (int i = 0; i < kSteps; ++i) {
        const double h = box.height() / kSteps;
        pen.painter.fillRect(QRectF(box.left(), box.bottom() - (i + 1) * h, box.width(), h + 0.6),
                             pen.data.scale.colorAt((i + 0.5) / kSteps, pen.theme));
    }
    pen.painter.setPen(pen.theme.mutedText);
    for (const double tick : pen.data.scale.ticks()) {
        const double y = legendY(pen, tick);
        pen.painter.drawText(QRectF(box.right() + 5, y - 10, 60, 20), Qt::AlignLeft | Qt::AlignVCenter,
                             tickText(pen, tick));
    }
    const double line = pen.metrics.height();
    const double width = std::max(pen.metrics.horizontalAdvance(pen.data.valueName) + 2, 40.0);
    const double right = box.right() + 5 + HeatmapLayout::tickWidth(pen.metrics);
    pen.painter.setPen(pen.theme.faintText);
    pen.painter.drawText(QRectF(right - width, box.top() - line * 1.5, width, line), Qt::AlignRight | Qt::AlignVCenter,
                         pen.data.valueName);
    paintChance(pen);
}

void outline(Pen& pen, const QRectF& box, const QColor& color, double width) {
    pen.painter.setBrush(Qt::NoBrush);
    pen.painter.setPen(QPen(pen.theme.surface, width + 2));
    pen.painter.drawRect(box);
    pen.painter.setPen(QPen(color, width));
    pen.painter.drawRect(box);
}

void paintMarks(Pen& pen, const HeatmapMarks& marks) {
    pen.painter.save();
    pen.painter.setRenderHint(QPainter::Antialiasing);
    pen.painter.setClipRect(pen.layout.cells.adjusted(-3, -3, 3, 3));
    const bool haveRow = marks.row && *marks.row < pen.data.rows;
    const bool haveColumn = marks.column && *marks.column < pen.data.columns;
    if (haveRow && haveColumn) {
        outline(pen, pen.layout.cell(*marks.row, *marks.column).adjusted(0, 0, -1, -1), pen.theme.text, 2);
    } else if (haveRow) {
        const QRectF left = pen.layout.cell(*marks.row, 0), right = pen.layout.cell(*marks.row, pen.data.columns - 1);
        outline(pen, left.united(right).adjusted(0, 0, -1, -1), pen.theme.text, 1.5);
    } else if (haveColumn) {
        const QRectF top = pen.layout.cell(0, *marks.column), foot = pen.layout.cell(pen.data.rows - 1, *marks.column);
        outline(pen, top.united(foot).adjusted(0, 0, -1, -1), pen.theme.text, 1.5);
    }
    if (marks.cursor) {
        outline(pen, pen.layout.cell(marks.cursor->y(), marks.cursor->x()).adjusted(-1, -1, 0, 0), pen.theme.accent, 2);
    }
    pen.painter.restore();
}

} // namespace

void paintHeatmap(QPainter& painter, const HeatmapData& data, const HeatmapLayout& layout, const HeatmapMarks& marks,
                  const Theme& theme, const QFont& font) {
    painter.setFont(font);
    Pen pen{painter, data, layout, theme, QFontMetricsF(font)};
    paintCells(pen);
    paintAxes(pen);
    paintLegend(pen);
    paintMarks(pen, marks);
}

} // namespace moescope
