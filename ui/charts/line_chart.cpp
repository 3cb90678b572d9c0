#include "ui/charts/line_chart.h"

#include <algorithm>
#include <cmath>

#include <QAreaSeries>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLineSeries>
#include <QMouseEvent>
#include <QToolTip>
#include <QValueAxis>

#include "ui/charts/csv_text.h"
#include "ui/charts/number_format.h"

namespace moescope {

QString LineChartData::csv() const {
    QString out = csvRow({xAxis, QStringLiteral("series"), yAxis});
    for (const LineSeriesData& line : lines) {
        for (const QPointF& point : line.points) {
            out += csvRow({exactNumber(point.x()), line.name, exactNumber(point.y())});
        }
    }
    return out;
}

namespace {

bool isDashed(const LineSeriesData& line) {
    return line.role == Role::Series && line.index >= 6; // more colours than eyes tell apart
}

} // namespace

LineChart::LineChart(QWidget* parent) : QChartView(parent) {
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setViewportUpdateMode(FullViewportUpdate); // words lie beside what the chart itself draws anew
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    setBackgroundBrush(Qt::NoBrush);
}

void LineChart::setData(std::shared_ptr<const LineChartData> data) {
    m_data = std::move(data);
    if (m_data) {
        setAccessibleName(tr("Lines of %1 over %2").arg(m_data->yAxis, m_data->xAxis));
    }
    rebuild();
}

void LineChart::rebuild() {
    m_marker = nullptr;
    m_cursor.reset();
    m_words.clear();
    chart()->removeAllSeries();
    for (QAbstractAxis* axis : chart()->axes()) {
        chart()->removeAxis(axis);
        delete axis;
    }
    styleChart(*chart());
    const auto hasPoints = [](const LineSeriesData& line) { return !line.points.isEmpty(); };
    if (!m_data || std::none_of(m_data->lines.begin(), m_data->lines.end(), hasPoints)) {
        return;
    }
    addChance();
    addLines();
    if (chart()->series().isEmpty()) {
        chart()->addSeries(new QLineSeries); // axes need one
    }
    addAxes();
    addMarks();
    addWords();
}

void LineChart::addChance() {
    if (m_data->chanceHigh.isEmpty()) {
        return;
    }
    auto* upper = new QLineSeries(chart());
    auto* lower = new QLineSeries(chart());
    upper->append(m_data->chanceHigh);
    lower->append(m_data->chanceLow);
    auto* area = new QAreaSeries(upper, lower);
    area->setBrush(bandColor(themeOf(*this)));
    area->setPen(Qt::NoPen);
    chart()->addSeries(area);
}

void LineChart::addLines() {
    const Theme& theme = themeOf(*this);
    const double scale = m_data->percentValues ? 100 : 1;
    for (const LineSeriesData& line : m_data->lines) {
        if (line.faint) {
            continue; // drawBackground
        }
        auto* series = new QLineSeries;
        QList<QPointF> points;
        for (const QPointF& point : line.points) {
            points << QPointF(point.x(), point.y() * scale);
        }
        series->append(points);
        series->setPen(
            QPen(roleColor(line.role, theme, line.index), 2.0, isDashed(line) ? Qt::DashLine : Qt::SolidLine));
        chart()->addSeries(series);
    }
}

void LineChart::addWords() {
    const Theme& theme = themeOf(*this);
    const auto named =
        std::count_if(m_data->lines.begin(), m_data->lines.end(), [](const auto& l) { return !l.name.isEmpty(); });
    QList<ChartWords::Entry> key;
    if (!m_data->chanceHigh.isEmpty()) {
        key << ChartWords::Entry{tr("chance alone (95 %)"), bandColor(theme)};
    }
    for (const LineSeriesData& line : m_data->lines) {
        if (!line.name.isEmpty() && (named > 1 || !key.isEmpty())) {
            key << ChartWords::Entry{line.name, roleColor(line.role, theme, line.index),
                                     isDashed(line) ? ChartWords::Mark::Dashes : ChartWords::Mark::Line};
        }
    }
    for (const ReferenceLine& reference : m_data->references) {
        if (!reference.label.isEmpty()) {
            key << ChartWords::Entry{reference.label, roleColor(reference.role, theme), ChartWords::Mark::Dashes};
        }
    }
    m_words.set(m_data->yAxis, m_data->xAxis, key);
    m_words.makeRoom(*chart(), viewport()->width());
}

// Faint lines are no series of the chart: dozens of them would take it tens of milliseconds each time one is added.
void LineChart::drawBackground(QPainter* painter, const QRectF& rect) {
    QChartView::drawBackground(painter, rect);
    const auto axes = chart()->axes(Qt::Horizontal);
    const auto* x = axes.isEmpty() ? nullptr : qobject_cast<QValueAxis*>(axes.front());
    if (!m_data || x == nullptr || !(x->max() > x->min()) || !(m_high > m_low)) {
        return;
    }
    const Theme& theme = themeOf(*this);
    const QRectF area = chart()->mapRectToScene(chart()->plotArea());
    const double scale = m_data->percentValues ? 100 : 1;
    painter->save();
    painter->setClipRect(area);
    for (const LineSeriesData& line : m_data->lines) {
        if (!line.faint) {
            continue;
        }
        QPolygonF points;
        for (const QPointF& p : line.points) {
            points << QPointF(area.left() + (p.x() - x->min()) / (x->max() - x->min()) * area.width(),
                              area.bottom() - (p.y() * scale - m_low) / (m_high - m_low) * area.height());
        }
        painter->setPen(QPen(mix(roleColor(line.role, theme, line.index), theme.surface, 0.55), 1.0));
        painter->drawPolyline(points);
    }
    painter->restore();
}

void LineChart::addAxes() {
    const double scale = m_data->percentValues ? 100 : 1;
    double left = INFINITY, right = -INFINITY, low = m_data->fromZero ? 0 : INFINITY, high = -INFINITY;
    for (const LineSeriesData& line : m_data->lines) {
        for (const QPointF& p : line.points) {
            left = std::min(left, p.x());
            right = std::max(right, p.x());
            low = std::min(low, p.y() * scale);
            high = std::max(high, p.y() * scale);
        }
    }
    for (const QPointF& p : m_data->chanceHigh) {
        high = std::max(high, p.y() * scale);
    }
    m_low = std::isfinite(low) ? low : 0;
    m_high = high > m_low ? high : m_low + 1;
    auto* x = new QValueAxis;
    auto* y = new QValueAxis;
    styleAxis(*x, themeOf(*this), false);
    styleAxis(*y, themeOf(*this), true);
    setRange(*y, m_low, m_high + (m_high - m_low) * 0.04);
    setRange(*x, left, right > left ? right : left + 1, 6, m_data->wholeX ? 1 : 0);
    x->setRange(left, right > left ? right : left + 1);
    if (m_data->percentValues) {
        y->setLabelFormat(y->labelFormat() + QStringLiteral(" %%"));
    }
    m_low = y->min();
    m_high = y->max();
    chart()->addAxis(x, Qt::AlignBottom);
    chart()->addAxis(y, Qt::AlignLeft);
    for (QAbstractSeries* series : chart()->series()) {
        series->attachAxis(x);
        series->attachAxis(y);
    }
}

void LineChart::addMarks() {
    const auto add = [this](const QPen& pen) {
        auto* line = new QLineSeries;
        line->setPen(pen);
        chart()->addSeries(line);
        line->attachAxis(chart()->axes(Qt::Horizontal).front());
        line->attachAxis(chart()->axes(Qt::Vertical).front());
        return line;
    };
    const auto* x = qobject_cast<QValueAxis*>(chart()->axes(Qt::Horizontal).front());
    for (const ReferenceLine& reference : m_data->references) {
        auto* line = add(QPen(roleColor(reference.role, themeOf(*this)), 1.2, Qt::DashLine));
        line->append(x->min(), reference.value);
        line->append(x->max(), reference.value);
    }
    if (m_data->marker.drawn()) {
        m_marker = add(QPen(themeOf(*this).text, 1.2, Qt::DotLine));
        setMarker(m_data->marker.value);
    }
}

void LineChart::setMarker(double x) {
    if (m_marker) {
        m_marker->replace(QList<QPointF>{{x, m_low}, {x, m_high}});
    }
}

QString LineChart::toolTipAt(double x) const {
    QString text;
    double shownX = x;
    for (const LineSeriesData& line : m_data->lines) {
        const auto nearest =
            std::min_element(line.points.begin(), line.points.end(),
                             [x](const auto& a, const auto& b) { return std::abs(a.x() - x) < std::abs(b.x() - x); });
        if (nearest == line.points.end() || line.faint) {
            continue;
        }
        shownX = nearest->x();
        const QString value = m_data->percentValues ? percent(nearest->y(), 2) : shortNumber(nearest->y(), 4);
        text += QStringLiteral("<br>%1 <b>%2</b>")
                    .arg((line.name.isEmpty() ? m_data->yAxis : line.name).toHtmlEscaped(), value);
    }
    return QStringLiteral("<b>%1 %2</b>").arg(m_data->xAxis.toHtmlEscaped(), shortNumber(shownX, 4)) + text;
}

bool LineChart::viewportEvent(QEvent* event) {
    if (event->type() != QEvent::ToolTip || !m_data || chart()->series().isEmpty()) {
        return QChartView::viewportEvent(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPointF inChart = chart()->mapFromScene(mapToScene(help->pos()));
    if (chart()->plotArea().contains(inChart)) {
        QToolTip::showText(help->globalPos(), toolTipAt(chart()->mapToValue(inChart, chart()->series().back()).x()),
                           this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

const LineSeriesData* LineChart::readLine() const {
    const auto at = std::find_if(m_data->lines.begin(), m_data->lines.end(),
                                 [](const auto& line) { return !line.faint && !line.points.isEmpty(); });
    return at == m_data->lines.end() ? nullptr : &*at;
}

void LineChart::moveCursor(qsizetype to) {
    const LineSeriesData& line = *readLine();
    m_cursor = std::clamp<qsizetype>(to, 0, line.points.size() - 1);
    const QString words = toolTipAt(line.points[*m_cursor].x());
    setAccessibleDescription(plainText(words));
    viewport()->update();
    QToolTip::showText(mapToGlobal(mapFromScene(chart()->mapToScene(cursorLine().p1()))), words, this);
}

QLineF LineChart::cursorLine() const {
    const double x = readLine()->points[*m_cursor].x();
    const double at = chart()->mapToPosition(QPointF(x, m_low), chart()->series().back()).x();
    const QRectF plot = chart()->plotArea();
    return {at, plot.top(), at, plot.bottom()};
}

void LineChart::keyPressEvent(QKeyEvent* event) {
    if (!m_data || chart()->series().isEmpty() || !readLine()) {
        return QChartView::keyPressEvent(event);
    }
    const qsizetype last = readLine()->points.size() - 1, leap = std::max<qsizetype>(1, last / 10);
    switch (event->key()) {
    case Qt::Key_Left:
        return moveCursor(m_cursor.value_or(1) - 1);
    case Qt::Key_Right:
        return moveCursor(m_cursor.value_or(-1) + 1);
    case Qt::Key_PageDown:
        return moveCursor(m_cursor.value_or(0) + leap);
    case Qt::Key_PageUp:
        return moveCursor(m_cursor.value_or(0) - leap);
    case Qt::Key_Home:
        return moveCursor(0);
    case Qt::Key_End:
        return moveCursor(last);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_cursor) {
            Q_EMIT xSelected(readLine()->points[*m_cursor].x());
        }
        return;
    default:
        QChartView::keyPressEvent(event);
    }
}

void LineChart::focusInEvent(QFocusEvent* event) {
    QChartView::focusInEvent(event);
    viewport()->update();
}

void LineChart::focusOutEvent(QFocusEvent* event) {
    QChartView::focusOutEvent(event);
    viewport()->update();
}

void LineChart::resizeEvent(QResizeEvent* event) {
    QChartView::resizeEvent(event);
    m_words.makeRoom(*chart(), viewport()->width());
}

void LineChart::drawForeground(QPainter* painter, const QRectF&) {
    m_words.paint(*painter, *chart(), themeOf(*this));
    if (!hasFocus() || !m_data || chart()->series().isEmpty()) {
        return;
    }
    ChartWords::paintFocus(*painter, *chart(), themeOf(*this));
    if (m_cursor && readLine()) {
        painter->setPen(QPen(themeOf(*this).accent, 1.5));
        painter->drawLine(cursorLine());
    }
}

void LineChart::mousePressEvent(QMouseEvent* event) {
    const QPointF inChart = chart()->mapFromScene(mapToScene(event->pos()));
    if (m_data && !chart()->series().isEmpty() && chart()->plotArea().contains(inChart)) {
        Q_EMIT xSelected(chart()->mapToValue(inChart, chart()->series().back()).x());
    }
    QChartView::mousePressEvent(event);
}

void LineChart::changeEvent(QEvent* event) {
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        rebuild();
    }
}

} // namespace moescope
