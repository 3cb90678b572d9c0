#include "ui/charts/heatmap_widget.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include "ui/charts/number_format.h"

namespace moescope {

HeatmapWidget::HeatmapWidget(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setFont(textFont(9));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void HeatmapWidget::setData(std::shared_ptr<const HeatmapData> data) {
    const bool sameShape = m_data && data && m_data->rows == data->rows && m_data->columns == data->columns;
    m_data = std::move(data);
    if (!sameShape) {
        m_marks.cursor.reset();
        showWhole();
    }
    describe();
    update();
}

void HeatmapWidget::setSelection(std::optional<int> row, std::optional<int> column) {
    m_marks.row = row;
    m_marks.column = column;
    update();
}

HeatmapLayout HeatmapWidget::currentLayout() const {
    return HeatmapLayout::of(*m_data, m_view, size(), font());
}

bool HeatmapWidget::isZoomed() const {
    return m_data && (m_view.columns < m_data->columns || m_view.rows < m_data->rows);
}

void HeatmapWidget::showWhole() {
    m_view = m_data ? HeatmapView::whole(*m_data) : HeatmapView{};
    update();
}

void HeatmapWidget::describe() {
    if (m_data) {
        setAccessibleName(tr("Heatmap of %1 by %2 and %3").arg(m_data->valueName, m_data->rowAxis, m_data->columnAxis));
    }
}

bool HeatmapWidget::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) {
        return QWidget::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto cell = m_data && !m_data->empty() ? currentLayout().cellAt(help->pos(), *m_data) : std::nullopt;
    if (cell) {
        QToolTip::showText(help->globalPos(), m_data->toolTip(cell->y(), cell->x()), this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

void HeatmapWidget::paintEvent(QPaintEvent*) {
    if (!m_data || m_data->empty()) {
        return;
    }
    QPainter painter(this);
    HeatmapMarks marks = m_marks;
    if (!hasFocus()) {
        marks.cursor.reset();
    }
    paintHeatmap(painter, *m_data, currentLayout(), marks, themeOf(*this), font());
}

void HeatmapWidget::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        m_press = event->position();
        m_viewAtPress = m_view;
        m_dragged = false;
    }
}

void HeatmapWidget::mouseMoveEvent(QMouseEvent* event) {
    if (!m_data || m_data->empty()) {
        return;
    }
    const HeatmapLayout layout = currentLayout();
    if (m_press && isZoomed()) {
        const QPointF by = *m_press - event->position();
        m_dragged = m_dragged || by.manhattanLength() > 4;
        m_view = m_viewAtPress.moved(by.x() / layout.cellWidth(), by.y() / layout.cellHeight(), *m_data);
        update();
        return;
    }
    if (const auto cell = layout.cellAt(event->position(), *m_data)) {
        Q_EMIT cellHovered(cell->y(), cell->x());
    }
}

void HeatmapWidget::mouseReleaseEvent(QMouseEvent* event) {
    if (m_press && !m_dragged && m_data && !m_data->empty()) {
        if (const auto cell = currentLayout().cellAt(event->position(), *m_data)) {
            m_marks.cursor = *cell;
            update();
            Q_EMIT cellSelected(cell->y(), cell->x());
        }
    }
    m_press.reset();
}

void HeatmapWidget::mouseDoubleClickEvent(QMouseEvent*) {
    showWhole();
}

void HeatmapWidget::zoom(double factor, QPointF about) {
    if (m_data && !m_data->empty()) {
        m_view = m_view.zoomed(factor, about, *m_data);
        update();
    }
}

void HeatmapWidget::wheelEvent(QWheelEvent* event) {
    if (m_data && !m_data->empty() && (event->modifiers() & Qt::ControlModifier || isZoomed())) {
        zoom(std::pow(1.2, event->angleDelta().y() / 120.0), currentLayout().positionOf(event->position()));
        event->accept();
        return;
    }
    event->ignore();
}

void HeatmapWidget::moveCursor(int columns, int rows) {
    const QPoint at = m_marks.cursor.value_or(QPoint(m_marks.column.value_or(0), m_marks.row.value_or(0)));
    const QPoint to(std::clamp(at.x() + columns, 0, m_data->columns - 1),
                    std::clamp(at.y() + rows, 0, m_data->rows - 1));
    m_marks.cursor = to;
    const double right = std::max(0.0, to.x() + 1 - (m_view.left + m_view.columns));
    const double below = std::max(0.0, to.y() + 1 - (m_view.top + m_view.rows));
    m_view =
        m_view.moved(right - std::max(0.0, m_view.left - to.x()), below - std::max(0.0, m_view.top - to.y()), *m_data);
    setAccessibleDescription(tr("%1 %2, %3 %4: %5")
                                 .arg(m_data->rowAxis, m_data->rowLabels.value(to.y()), m_data->columnAxis,
                                      m_data->columnLabels.value(to.x()), shortNumber(m_data->at(to.y(), to.x()), 4)));
    update();
    QToolTip::showText(mapToGlobal(currentLayout().cell(to.y(), to.x()).bottomRight().toPoint()),
                       m_data->toolTip(to.y(), to.x()), this);
    Q_EMIT cellHovered(to.y(), to.x());
}

void HeatmapWidget::keyPressEvent(QKeyEvent* event) {
    if (!m_data || m_data->empty()) {
        return QWidget::keyPressEvent(event);
    }
    const QPointF centre(m_view.left + m_view.columns / 2, m_view.top + m_view.rows / 2);
    switch (event->key()) {
    case Qt::Key_Left:
        return moveCursor(-1, 0);
    case Qt::Key_Right:
        return moveCursor(1, 0);
    case Qt::Key_Up:
        return moveCursor(0, -1);
    case Qt::Key_Down:
        return moveCursor(0, 1);
    case Qt::Key_Home:
        return moveCursor(-m_data->columns, 0);
    case Qt::Key_End:
        return moveCursor(m_data->columns, 0);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(1.4, centre);
    case Qt::Key_Minus:
        return zoom(1 / 1.4, centre);
    case Qt::Key_0:
        return showWhole();
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_marks.cursor) {
            Q_EMIT cellSelected(m_marks.cursor->y(), m_marks.cursor->x());
        }
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void HeatmapWidget::focusInEvent(QFocusEvent* event) {
    if (m_data && !m_data->empty() && !m_marks.cursor && event->reason() != Qt::MouseFocusReason) {
        m_marks.cursor = QPoint(m_marks.column.value_or(0), m_marks.row.value_or(0));
    }
    QWidget::focusInEvent(event); // draws anew
}

} // namespace moescope
