#include "ui/charts/bar_chart.h"

#include <algorithm>
#include <cmath>

#include <QAreaSeries>
#include <QBarSet>
#include <QHelpEvent>
#include <QHorizontalStackedBarSeries>
#include <QLineSeries>
#include <QMouseEvent>
#include <QStackedBarSeries>
#include <QToolTip>
#include <QValueAxis>

#include "ui/charts/csv_text.h"
#include "ui/charts/number_format.h"

namespace moescope {

double BarChartData::total(int category) const {
    double sum = 0;
    for (const BarStack& stack : stacks) {
        const double value = stack.values[std::size_t(category)];
        sum += std::isfinite(value) ? value : 0;
    }
    return sum;
}

double BarChartData::highest() const {
    double top = chance.drawn() ? chance.high : 0;
    for (int i = 0; i < categories.size(); ++i) {
        top = std::max(top, total(i));
    }
    for (const ReferenceLine& line : references) {
        top = line.drawn() ? std::max(top, line.value) : top;
    }
    return top;
}

QString BarChartData::csv() const {
    QStringList head{categoryAxis};
    for (const BarStack& stack : stacks) {
        head << (stack.name.isEmpty() ? valueAxis : stack.name);
    }
    QString out = csvRow(head);
    for (int i = 0; i < categories.size(); ++i) {
        QStringList cells{categories[i]};
        for (const BarStack& stack : stacks) {
            const double value = stack.values[std::size_t(i)];
            cells << (std::isnan(value) ? QLatin1String("") : exactNumber(value)); // empty, not absent
        }
        out += csvRow(cells);
    }
    return out;
}

BarChart::BarChart(QWidget* parent) : QChartView(parent) {
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setViewportUpdateMode(FullViewportUpdate); // words lie beside what the chart itself draws anew
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    setBackgroundBrush(Qt::NoBrush);
    connect(chart(), &QChart::plotAreaChanged, this, &BarChart::showBars);
}

void BarChart::setData(std::shared_ptr<const BarChartData> data) {
    m_data = std::move(data);
    if (m_data) {
        setAccessibleName(tr("Bars of %1 by %2").arg(m_data->valueAxis, m_data->categoryAxis));
    }
    rebuild();
}

void BarChart::rebuild() {
    m_sets.clear();
    m_words.clear();
    m_names.set({});
    chart()->removeAllSeries();
    for (QAbstractAxis* axis : chart()->axes()) {
        chart()->removeAxis(axis);
        delete axis;
    }
    styleChart(*chart());
    if (!m_data || m_data->categories.isEmpty()) {
        return;
    }
    addChance();
    addBars();
    addReferences();
    addAxes();
    addWords();
    markSelected();
    showBars();
}

void BarChart::addBars() {
    QAbstractBarSeries* series = m_data->orientation == Qt::Vertical
                                     ? static_cast<QAbstractBarSeries*>(new QStackedBarSeries)
                                     : new QHorizontalStackedBarSeries;
    for (const BarStack& stack : m_data->stacks) {
        auto* set = new QBarSet(stack.name);
        for (const double value : stack.values) {
            set->append(std::isfinite(value) ? value : 0);
        }
        const QColor color = roleColor(stack.role, themeOf(*this));
        set->setColor(color);
        set->setPen(Qt::NoPen);
        set->setSelectedColor(mix(color, themeOf(*this).text, 0.45));
        series->append(set);
        m_sets.push_back(set);
    }
    series->setBarWidth(m_data->categories.size() > 60 ? 0.9 : 0.72);
    chart()->addSeries(series);
}

// What is not drawn needs no key.
void BarChart::addWords() {
    const Theme& theme = themeOf(*this);
    QList<ChartWords::Entry> key;
    if (m_data->chance.drawn()) {
        key << ChartWords::Entry{tr("chance alone (95 %)"), bandColor(theme)};
    }
    for (const BarStack& stack : m_data->stacks) {
        const bool drawn = std::any_of(stack.values.begin(), stack.values.end(), [](double v) { return v > 0; });
        if (drawn && !stack.name.isEmpty() && (m_data->stacks.size() > 1 || m_data->chance.drawn())) {
            key << ChartWords::Entry{stack.name, roleColor(stack.role, theme)};
        }
    }
    for (const ReferenceLine& line : m_data->references) {
        if (line.drawn() && !line.label.isEmpty()) {
            key << ChartWords::Entry{line.label, roleColor(line.role, theme), ChartWords::Mark::Dashes};
        }
    }
    m_words.set(m_data->valueAxis, m_data->categoryAxis, key, m_data->orientation);
    m_names.set(m_data->orientation == Qt::Vertical ? QStringList() : m_data->categories);
    makeRoom();
}

void BarChart::makeRoom() {
    m_words.setInset(m_names.widthIn(viewport()->width()));
    m_words.makeRoom(*chart(), viewport()->width());
}

void BarChart::addChance() {
    if (!m_data->chance.drawn()) {
        return;
    }
    const double first = -0.5, last = double(m_data->categories.size()) - 0.5;
    const bool upright = m_data->orientation == Qt::Vertical;
    const ChanceBand& band = m_data->chance;
    chart()->addSeries(upright ? bandSeries(first, last, band.low, band.high, themeOf(*this), *chart())
                               : bandSeries(band.low, band.high, first, last, themeOf(*this), *chart()));
}

void BarChart::addReferences() {
    for (const ReferenceLine& reference : m_data->references) {
        if (!reference.drawn()) {
            continue;
        }
        auto* line = new QLineSeries;
        const double first = -0.5, last = double(m_data->categories.size()) - 0.5;
        const bool upright = m_data->orientation == Qt::Vertical;
        line->append(upright ? QPointF(first, reference.value) : QPointF(reference.value, first));
        line->append(upright ? QPointF(last, reference.value) : QPointF(reference.value, last));
        line->setPen(QPen(roleColor(reference.role, themeOf(*this)), 1.4, Qt::DashLine));
        chart()->addSeries(line);
    }
}

void BarChart::addAxes() {
    const bool upright = m_data->orientation == Qt::Vertical;
    const Theme& theme = themeOf(*this);
    auto* categories = new QValueAxis;
    auto* values = new QValueAxis;
    styleAxis(*categories, theme, false);
    categories->setLabelsVisible(upright); // BarNames
    styleAxis(*values, theme, true);
    setRange(*values, 0, niceCeiling(m_data->highest() * 1.02));
    chart()->addAxis(categories, upright ? Qt::AlignBottom : Qt::AlignLeft);
    chart()->addAxis(values, upright ? Qt::AlignLeft : Qt::AlignBottom);
    for (QAbstractSeries* series : chart()->series()) {
        series->attachAxis(categories);
        series->attachAxis(values);
    }
    setCategoryTicks();
}

void BarChart::showBars() {
    const int n = m_data ? int(m_data->categories.size()) : 0;
    const bool lying = m_data && m_data->orientation == Qt::Horizontal;
    const auto axes = chart()->axes(Qt::Vertical);
    auto* axis = axes.isEmpty() ? nullptr : qobject_cast<QValueAxis*>(axes.front());
    const int shown = lying && axis ? std::min(n, m_names.fitting(chart()->plotArea().height())) : n;
    if (lying && axis) {
        axis->setRange(n - shown - 0.5, n - 0.5);
        axis->setTickCount(2);
    }
    if (shown != m_shown) {
        m_shown = shown;
        Q_EMIT shownBarsChanged(shown);
    }
}

void BarChart::setCategoryTicks() {
    const auto axes = chart()->axes(Qt::Horizontal);
    auto* axis = axes.isEmpty() ? nullptr : qobject_cast<QValueAxis*>(axes.front());
    if (!axis || !m_data || m_data->orientation != Qt::Vertical) {
        return;
    }
    const int n = int(m_data->categories.size());
    axis->setRange(-0.5, n - 0.5);
    axis->setTickType(QValueAxis::TicksDynamic);
    axis->setTickAnchor(0);
    const double wanted = std::max(2.0, width() / 44.0);
    int step = 1;
    for (const int next : {1, 2, 4, 8, 16, 32, 64, 128}) {
        step = next;
        if (n <= wanted * next) {
            break;
        }
    }
    axis->setTickInterval(step);
    axis->setLabelFormat(QStringLiteral("%d"));
}

void BarChart::setSelected(std::optional<int> category) {
    m_selected = category;
    markSelected();
}

void BarChart::markSelected() {
    for (QBarSet* set : m_sets) {
        set->deselectAllBars();
        if (m_selected && *m_selected >= 0 && *m_selected < set->count()) {
            set->selectBar(*m_selected);
        }
    }
}

std::optional<int> BarChart::categoryAt(QPoint position) const {
    if (!m_data || m_data->categories.isEmpty()) {
        return std::nullopt;
    }
    const QPointF inChart = chart()->mapFromScene(mapToScene(position));
    if (!chart()->plotArea().contains(inChart)) {
        return std::nullopt;
    }
    const QPointF value = chart()->mapToValue(inChart, chart()->series().front());
    const double at = m_data->orientation == Qt::Vertical ? value.x() : value.y();
    return std::clamp(int(std::lround(at)), 0, int(m_data->categories.size()) - 1);
}

void BarChart::focusInEvent(QFocusEvent* event) {
    QChartView::focusInEvent(event);
    viewport()->update();
}

void BarChart::focusOutEvent(QFocusEvent* event) {
    QChartView::focusOutEvent(event);
    viewport()->update();
}

bool BarChart::viewportEvent(QEvent* event) {
    if (event->type() != QEvent::ToolTip) {
        return QChartView::viewportEvent(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto category = categoryAt(help->pos());
    if (category && *category < m_data->toolTips.size()) {
        QToolTip::showText(help->globalPos(), m_data->toolTips[*category], this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

void BarChart::mousePressEvent(QMouseEvent* event) {
    const auto category = categoryAt(event->pos());
    if (category && event->button() == Qt::LeftButton) {
        setSelected(category);
        Q_EMIT categorySelected(*category);
    }
    QChartView::mousePressEvent(event);
}

void BarChart::keyPressEvent(QKeyEvent* event) {
    const bool back = event->key() == Qt::Key_Left || event->key() == Qt::Key_Up;
    const bool on = event->key() == Qt::Key_Right || event->key() == Qt::Key_Down;
    if (!m_data || m_data->categories.isEmpty() || !(back || on)) {
        return QChartView::keyPressEvent(event);
    }
    const int next = m_selected ? *m_selected + (on ? 1 : -1) : 0;
    const int n = int(m_data->categories.size());
    setSelected(std::clamp(next, n - m_shown, n - 1));
    const QString words = m_data->toolTips.value(*m_selected, readingOf(*m_selected));
    setAccessibleDescription(plainText(words));
    Q_EMIT categorySelected(*m_selected);
    const QRectF plot = chart()->plotArea();
    QToolTip::showText(mapToGlobal(mapFromScene(chart()->mapToScene(plot.topLeft()))), words, this);
}

QString BarChart::readingOf(int category) const {
    return QStringLiteral("<b>%1 %2</b><br>%3 %4")
        .arg(m_data->categoryAxis.toHtmlEscaped(), m_data->categories[category].toHtmlEscaped(),
             m_data->valueAxis.toHtmlEscaped(), shortNumber(m_data->total(category), 4));
}

void BarChart::changeEvent(QEvent* event) {
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        rebuild();
    }
}

void BarChart::resizeEvent(QResizeEvent* event) {
    QChartView::resizeEvent(event);
    makeRoom();
    setCategoryTicks();
}

void BarChart::drawForeground(QPainter* painter, const QRectF&) {
    m_words.paint(*painter, *chart(), themeOf(*this));
    m_names.paint(*painter, chart()->plotArea(), m_shown, themeOf(*this));
    if (hasFocus() && m_data) {
        ChartWords::paintFocus(*painter, *chart(), themeOf(*this));
    }
}

} // namespace moescope
