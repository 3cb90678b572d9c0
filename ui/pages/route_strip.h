#pragma once

#include <memory>
#include <optional>

#include <QStringList>
#include <QWidget>

#include "ui/data/layer_routing.h"

namespace moescope {

// The neighbourhood of a token through all layers: a column per token, a row per layer, coloured by the strongest
// expert. Shows where a route is shared and where it parts. The arrow keys go to the next token or layer.
class RouteStrip : public QWidget {
    Q_OBJECT
public:
    explicit RouteStrip(QWidget* parent = nullptr);
    void setWindow(std::shared_ptr<const RouteWindow> window, QStringList words);
    void setCurrent(std::optional<TokenIndex> token, std::optional<LayerId> layer);
    QString csv() const;
    QSize sizeHint() const override { return {600, 150}; }
    QSize minimumSizeHint() const override { return {300, 96}; }

Q_SIGNALS:
    void picked(moescope::TokenIndex token, moescope::LayerId layer);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRectF cell(int column, int row) const;
    std::optional<QPoint> cellAt(QPointF point) const;
    std::uint16_t expertOf(int column, int row) const;
    std::optional<QPoint> currentCell() const;
    QString wordsOf(QPoint cell) const; // rich text
    void paintCells(QPainter& painter);
    void paintLabels(QPainter& painter);
    void paintMarks(QPainter& painter);

    std::shared_ptr<const RouteWindow> m_window;
    QStringList m_words; // [tokens]
    std::optional<TokenIndex> m_token;
    std::optional<LayerId> m_layer;
};

} // namespace moescope
