#include "ui/charts/sankey_widget.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPaintEngine>
#include <QPainter>
#include <QToolTip>

#include "ui/charts/expert_colors.h"
#include "ui/charts/sankey_raster.h"
#include "ui/charts/theme.h"

namespace moescope {

SankeyWidget::SankeyWidget(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Flow between layers"));
}

void SankeyWidget::setData(std::shared_ptr<const SankeyData> data) {
    m_data = std::move(data);
    m_cursor.reset();
    m_selected.reset();
    update();
}

void SankeyWidget::setSelected(std::optional<SankeyPlace> place) {
    m_selected = place;
    update();
}

SankeyLayout SankeyWidget::currentLayout() const {
    return m_data ? SankeyLayout::of(*m_data, size(), font()) : SankeyLayout();
}

bool SankeyWidget::touchesSelected(const SankeyLink& link) const {
    return m_selected && ((link.column == m_selected->column && link.from == m_selected->node) ||
                          (link.column + 1 == m_selected->column && link.to == m_selected->node));
}

QColor SankeyWidget::colorOf(const SankeyLink& link) const {
    const Theme& theme = themeOf(*this);
    const bool chosen = touchesSelected(link);
    QColor color = theme.chance;
    double strength = 0.13;
    if (link.beyondChance || chosen) {
        const int expert = m_data->nodes[std::size_t(link.column)][std::size_t(link.from)].expert;
        color = expert < 0 ? theme.mutedText : expertColor(expert, m_data->experts, theme, true);
        strength = chosen ? 0.85 : 0.15 + 0.55 * std::clamp(std::log2(std::max(link.lift, 1.0)) / 2, 0.0, 1.0);
        strength *= m_selected && !chosen ? 0.25 : 1.0;
    }
    color.setAlphaF(float(strength));
    return color;
}

void SankeyWidget::eachLink(const SankeyLayout& layout,
                            const std::function<void(const SankeyBand&, const QColor&)>& paint) const {
    for (const bool telling : {false, true}) { // what loads explain lies behind
        for (std::size_t i = 0; i < layout.links.size(); ++i) {
            const SankeyLink& link = m_data->links[i];
            if ((link.beyondChance || touchesSelected(link)) == telling) {
                paint(layout.links[i], colorOf(link));
            }
        }
    }
}

void SankeyWidget::paintLinks(QPainter& painter, const SankeyLayout& layout) const {
    if (painter.paintEngine() != nullptr && painter.paintEngine()->type() == QPaintEngine::Raster) {
        SankeyRaster raster(size(), painter.device()->devicePixelRatioF());
        eachLink(layout, [&raster](const SankeyBand& band, const QColor& color) { raster.add(band, color); });
        return painter.drawImage(QPointF(0, 0), raster.image());
    }
    painter.setPen(Qt::NoPen);
    eachLink(layout, [&painter](const SankeyBand& band, const QColor& color) {
        painter.setBrush(color);
        painter.drawPath(band.path());
    });
}

void SankeyWidget::paintNodes(QPainter& painter, const SankeyLayout& layout) const {
    const Theme& theme = themeOf(*this);
    for (std::size_t c = 0; c < layout.nodes.size(); ++c) {
        for (std::size_t n = 0; n < layout.nodes[c].size(); ++n) {
            const QRectF& box = layout.nodes[c][n];
            const int expert = m_data->nodes[c][n].expert;
            const SankeyPlace here{int(c), int(n)};
            painter.setPen(Qt::NoPen);
            painter.setBrush(expert < 0 ? theme.mutedText : expertColor(expert, m_data->experts, theme, true));
            painter.drawRect(box);
            if (m_selected == here || m_cursor == here) {
                painter.setBrush(Qt::NoBrush);
                painter.setPen(QPen(m_cursor == here && hasFocus() ? theme.accent : theme.text, 2));
                painter.drawRect(box.adjusted(-2, -1, 2, 1));
            }
        }
    }
}

// Above flows and ways, on a ground of their own, so that they stay readable; none touches the next.
void SankeyWidget::paintNames(QPainter& painter, const SankeyLayout& layout) const {
    const Theme& theme = themeOf(*this);
    const QFontMetricsF metrics(font());
    QColor ground = theme.surface;
    ground.setAlphaF(0.75F);
    for (std::size_t c = 0; c < layout.nodes.size(); ++c) {
        const double x = layout.nodes[c].empty() ? 0 : layout.nodes[c].front().center().x();
        const bool last = c + 1 == layout.nodes.size();
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF(x - 60, 0, 120, layout.titleHeight - 4), Qt::AlignCenter,
                         m_data->columns.value(int(c)));
        double free = 0;
        for (std::size_t n = 0; n < layout.nodes[c].size(); ++n) {
            const QRectF& box = layout.nodes[c][n];
            const bool chosen = m_selected == SankeyPlace{int(c), int(n)};
            const double top = box.center().y() - metrics.height() / 2;
            if (top < free && !chosen) {
                continue;
            }
            const int expert = m_data->nodes[c][n].expert;
            const QString name = expert < 0 ? tr("others") : QStringLiteral("E%1").arg(expert);
            const double width = metrics.horizontalAdvance(name) + 2;
            const QRectF text(last ? box.right() + 3 : box.left() - 3 - width, top + 1, width, metrics.height() - 2);
            painter.fillRect(text, ground);
            painter.setPen(chosen ? theme.text : theme.mutedText);
            painter.drawText(text, Qt::AlignCenter | Qt::TextDontClip, name);
            free = top + metrics.height() * 0.9;
        }
    }
}

// The token's way: every choice marked, the strongest of each layer joined.
void SankeyWidget::paintPath(QPainter& painter, const SankeyLayout& layout) const {
    const Theme& theme = themeOf(*this);
    QPainterPath way;
    for (std::size_t c = 0; c < m_data->path.size() && c < layout.nodes.size(); ++c) {
        for (std::size_t i = 0; i < m_data->path[c].size(); ++i) {
            const int node = m_data->path[c][i];
            if (node < 0) {
                continue;
            }
            const QRectF& box = layout.nodes[c][std::size_t(node)];
            painter.setPen(QPen(theme.text, i == 0 ? 2.5 : 1.2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(box.adjusted(-1, 0, 1, 0));
            if (i > 0) {
                continue;
            }
            const QPointF left(box.left(), box.center().y()), right(box.right(), box.center().y());
            if (way.elementCount() == 0) {
                way.moveTo(right);
            } else {
                const double middle = (way.currentPosition().x() + left.x()) / 2;
                way.cubicTo(middle, way.currentPosition().y(), middle, left.y(), left.x(), left.y());
                way.lineTo(right);
            }
        }
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.surface, 5));
    painter.drawPath(way);
    painter.setPen(QPen(theme.text, 2.5));
    painter.drawPath(way);
}

void SankeyWidget::paintEvent(QPaintEvent*) {
    if (!m_data || m_data->empty()) {
        return;
    }
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font());
    const SankeyLayout layout = currentLayout();
    paintLinks(painter, layout);
    paintNodes(painter, layout);
    paintPath(painter, layout);
    paintNames(painter, layout);
    if (hasFocus()) {
        painter.setPen(QPen(themeOf(*this).accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

QString SankeyWidget::toolTipAt(QPointF point) const {
    const SankeyLayout layout = currentLayout();
    if (const auto place = layout.nodeAt(point)) {
        return m_data->nodes[std::size_t(place->column)][std::size_t(place->node)].toolTip;
    }
    const int link = layout.linkAt(point, *m_data);
    return link < 0 ? QString() : m_data->links[std::size_t(link)].toolTip;
}

bool SankeyWidget::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && m_data) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), toolTipAt(help->pos()), this);
        return true;
    }
    return QWidget::event(event);
}

void SankeyWidget::mousePressEvent(QMouseEvent* event) {
    if (const auto place = currentLayout().nodeAt(event->position()); place && m_data) {
        m_cursor = place;
        Q_EMIT nodeSelected(place->column, place->node);
    }
}

void SankeyWidget::moveCursor(int columns, int nodes) {
    SankeyPlace next = m_cursor.value_or(m_selected.value_or(SankeyPlace{}));
    if (m_cursor || m_selected) {
        next.column = std::clamp(next.column + columns, 0, int(m_data->nodes.size()) - 1);
        next.node += nodes;
    }
    next.node = std::clamp(next.node, 0, int(m_data->nodes[std::size_t(next.column)].size()) - 1);
    m_cursor = next;
    setAccessibleDescription(m_data->nodes[std::size_t(next.column)][std::size_t(next.node)].toolTip);
    update();
}

void SankeyWidget::keyPressEvent(QKeyEvent* event) {
    if (!m_data || m_data->empty()) {
        return QWidget::keyPressEvent(event);
    }
    switch (event->key()) {
    case Qt::Key_Left:
        return moveCursor(-1, 0);
    case Qt::Key_Right:
        return moveCursor(1, 0);
    case Qt::Key_Up:
        return moveCursor(0, -1);
    case Qt::Key_Down:
        return moveCursor(0, 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_cursor) {
            Q_EMIT nodeSelected(m_cursor->column, m_cursor->node);
        }
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace moescope
