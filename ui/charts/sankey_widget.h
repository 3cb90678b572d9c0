#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <QWidget>

#include "ui/charts/sankey_layout.h"

namespace moescope {

// Flows between columns of nodes: a link is coloured by where it comes from as far as loads alone do not explain it.
// Point at a node or link for its figures; click or arrows and Enter select a node.
class SankeyWidget : public QWidget {
    Q_OBJECT
public:
    explicit SankeyWidget(QWidget* parent = nullptr);

    void setData(std::shared_ptr<const SankeyData> data);
    const SankeyData* data() const { return m_data.get(); }
    void setSelected(std::optional<SankeyPlace> place);
    std::optional<SankeyPlace> cursor() const { return m_cursor; }
    SankeyLayout currentLayout() const;

    QSize sizeHint() const override { return {560, 360}; }
    QSize minimumSizeHint() const override { return {260, 180}; }

Q_SIGNALS:
    void nodeSelected(int column, int node);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QColor colorOf(const SankeyLink& link) const;
    void eachLink(const SankeyLayout& layout, const std::function<void(const SankeyBand&, const QColor&)>& paint) const;
    void paintLinks(QPainter& painter, const SankeyLayout& layout) const;
    void paintNodes(QPainter& painter, const SankeyLayout& layout) const;
    void paintNames(QPainter& painter, const SankeyLayout& layout) const;
    void paintPath(QPainter& painter, const SankeyLayout& layout) const;
    bool touchesSelected(const SankeyLink& link) const;
    void moveCursor(int columns, int nodes);
    QString toolTipAt(QPointF point) const;

    std::shared_ptr<const SankeyData> m_data;
    std::optional<SankeyPlace> m_selected, m_cursor;
};

} // namespace moescope
