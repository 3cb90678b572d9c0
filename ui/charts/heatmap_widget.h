#pragma once

#include <memory>
#include <optional>

#include <QWidget>

#include "ui/charts/heatmap_painter.h"

namespace moescope {

// A heatmap to look at, point at and walk through: wheel zooms about the pointer, drag pans, double click shows all;
// arrows move a cursor, Enter selects, + - 0 zoom. Tooltips give the exact value and its definition.
class HeatmapWidget : public QWidget {
    Q_OBJECT
public:
    explicit HeatmapWidget(QWidget* parent = nullptr);

    void setData(std::shared_ptr<const HeatmapData> data);
    const HeatmapData* data() const { return m_data.get(); }
    void setSelection(std::optional<int> row, std::optional<int> column);
    std::optional<QPoint> cursor() const { return m_marks.cursor; }
    HeatmapLayout currentLayout() const;
    bool isZoomed() const;

    QSize sizeHint() const override { return {520, 300}; }
    QSize minimumSizeHint() const override { return {240, 150}; }

Q_SIGNALS:
    void cellSelected(int row, int column);
    void cellHovered(int row, int column);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    void zoom(double factor, QPointF about);
    void moveCursor(int columns, int rows);
    void showWhole();
    void describe();

    std::shared_ptr<const HeatmapData> m_data;
    HeatmapView m_view;
    HeatmapMarks m_marks;
    std::optional<QPointF> m_press;
    HeatmapView m_viewAtPress;
    bool m_dragged = false;
};

} // namespace moescope
