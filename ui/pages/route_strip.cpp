#include "ui/pages/route_strip.h"

#include <algorithm>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/charts/csv_text.h"
#include "ui/charts/expert_colors.h"
#include "ui/charts/number_format.h"

namespace moescope {

namespace {
constexpr double kLabelWidth = 62, kHeaderHeight = 20;
}

RouteStrip::RouteStrip(QWidget* parent) : QWidget(parent) {
    setFont(textFont(8.5));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Experts of the neighbouring tokens, layer by layer"));
}

void RouteStrip::setWindow(std::shared_ptr<const RouteWindow> window, QStringList words) {
    m_window = std::move(window);
    m_words = std::move(words);
    update();
}

void RouteStrip::setCurrent(std::optional<TokenIndex> token, std::optional<LayerId> layer) {
    m_token = token;
    m_layer = layer;
    update();
}

std::uint16_t RouteStrip::expertOf(int column, int row) const {
    const LayerRoutingPart& part = m_window->layers[std::size_t(row)];
    const auto at = std::size_t(column) * std::size_t(part.topK);
    return at < part.ids.size() ? part.ids[at] : kNoExpert;
}

QString RouteStrip::csv() const {
    QString out =
        csvRow({QStringLiteral("token"), QStringLiteral("text"), QStringLiteral("layer"), QStringLiteral("expert")});
    for (int c = 0; m_window && c < int(m_window->tokens); ++c) {
        for (int r = 0; r < int(m_window->layers.size()); ++r) {
            out += csvRow({QString::number(m_window->first + c), m_words.value(c),
                           QString::number(m_window->layers[std::size_t(r)].layer.value),
                           QString::number(expertOf(c, r))});
        }
    }
    return out;
}

QRectF RouteStrip::cell(int column, int row) const {
    const double w = (width() - kLabelWidth - 4) / double(std::max<std::int64_t>(1, m_window->tokens));
    const double h = (height() - kHeaderHeight - 2) / double(std::max<std::size_t>(1, m_window->layers.size()));
    return {kLabelWidth + column * w, kHeaderHeight + row * std::min(h, 26.0), w, std::min(h, 26.0)};
}

std::optional<QPoint> RouteStrip::cellAt(QPointF point) const {
    for (int c = 0; m_window && c < int(m_window->tokens); ++c) {
        for (int r = 0; r < int(m_window->layers.size()); ++r) {
            if (cell(c, r).contains(point)) {
                return QPoint(c, r);
            }
        }
    }
    return std::nullopt;
}

void RouteStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (!m_window || m_window->layers.empty()) {
        painter.setPen(themeOf(*this).mutedText);
        painter.drawText(rect(), Qt::AlignCenter,
                         tr("Select a token to see it and its neighbours through all layers."));
        return;
    }
    paintCells(painter);
    paintLabels(painter);
    paintMarks(painter);
}

void RouteStrip::paintCells(QPainter& painter) {
    const Theme& theme = themeOf(*this);
    const QFontMetricsF metrics(font());
    painter.setFont(font());
    for (int c = 0; c < int(m_window->tokens); ++c) {
        for (int r = 0; r < int(m_window->layers.size()); ++r) {
            const std::uint16_t expert = expertOf(c, r);
            const QRectF box = cell(c, r);
            const double gap = box.height() > 8 ? 1.5 : 0;
            const QColor color = expert == kNoExpert
                                     ? theme.raised
                                     : expertColor(expert, m_window->layers[std::size_t(r)].experts, theme, false);
            painter.fillRect(box.adjusted(0, 0, -gap, -gap), color);
            const QString name = QString::number(expert);
            if (expert != kNoExpert && box.height() > 12 && metrics.horizontalAdvance(name) < box.width() - 3) {
                painter.setPen(readableOn(color));
                painter.drawText(box.adjusted(0, 0, -gap, -gap), Qt::AlignCenter, name);
            }
        }
    }
}

void RouteStrip::paintLabels(QPainter& painter) {
    const Theme& theme = themeOf(*this);
    const QFontMetricsF metrics(font());
    painter.setPen(theme.mutedText);
    const int step = std::max(1, int(12 / std::max(1.0, cell(0, 0).height())));
    for (int r = 0; r < int(m_window->layers.size()); r += step) {
        painter.drawText(QRectF(0, cell(0, r).top() - 4, kLabelWidth - 8, cell(0, r).height() + 8),
                         Qt::AlignRight | Qt::AlignVCenter,
                         tr("layer %1").arg(m_window->layers[std::size_t(r)].layer.value));
    }
    for (int c = 0; c < int(m_window->tokens); ++c) {
        const QRectF box(cell(c, 0).left(), 0, cell(c, 0).width() - 2, kHeaderHeight - 3);
        painter.setPen(m_token == m_window->first + c ? theme.text : theme.mutedText);
        painter.drawText(box, Qt::AlignCenter, metrics.elidedText(m_words.value(c), Qt::ElideRight, box.width()));
    }
}

void RouteStrip::paintMarks(QPainter& painter) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    if (hasFocus()) {
        painter.setPen(QPen(themeOf(*this).accent, 1));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
    const int rows = int(m_window->layers.size());
    if (m_token && *m_token >= m_window->first && *m_token < m_window->first + m_window->tokens) {
        const int c = int(*m_token - m_window->first);
        painter.setPen(QPen(themeOf(*this).accent, 2));
        painter.drawRoundedRect(cell(c, 0).united(cell(c, rows - 1)).adjusted(-1.5, -1.5, 0.5, 0.5), 3, 3);
    }
    for (int r = 0; r < rows; ++r) {
        if (m_layer == m_window->layers[std::size_t(r)].layer) {
            painter.setPen(QPen(themeOf(*this).text, 1.2));
            painter.drawRect(cell(0, r).united(cell(int(m_window->tokens) - 1, r)).adjusted(-0.5, -0.5, -1, -1));
        }
    }
}

QString RouteStrip::wordsOf(QPoint at) const {
    const LayerRoutingPart& part = m_window->layers[std::size_t(at.y())];
    QString text = tr("<b>%1</b> · token %2 · layer %3")
                       .arg(m_words.value(at.x()).toHtmlEscaped())
                       .arg(m_window->first + at.x())
                       .arg(part.layer.value);
    for (int k = 0; k < part.topK; ++k) {
        const auto i = std::size_t(at.x()) * std::size_t(part.topK) + std::size_t(k);
        text += i >= part.ids.size() || part.ids[i] == kNoExpert
                    ? QString()
                    : tr("<br>expert %1, weight %2").arg(part.ids[i]).arg(double(part.weights[i]), 0, 'f', 3);
    }
    return text;
}

std::optional<QPoint> RouteStrip::currentCell() const {
    if (!m_window || m_window->layers.empty() || !m_token || *m_token < m_window->first ||
        *m_token >= m_window->first + m_window->tokens) {
        return std::nullopt;
    }
    for (int r = 0; r < int(m_window->layers.size()); ++r) {
        if (m_layer == m_window->layers[std::size_t(r)].layer) {
            return QPoint(int(*m_token - m_window->first), r);
        }
    }
    return std::nullopt;
}

void RouteStrip::keyPressEvent(QKeyEvent* event) {
    const int right = int(event->key() == Qt::Key_Right) - int(event->key() == Qt::Key_Left);
    const int down = int(event->key() == Qt::Key_Down) - int(event->key() == Qt::Key_Up);
    const auto at = currentCell();
    if (!at || (right == 0 && down == 0)) {
        return QWidget::keyPressEvent(event);
    }
    const QPoint to(std::clamp(at->x() + right, 0, int(m_window->tokens) - 1),
                    std::clamp(at->y() + down, 0, int(m_window->layers.size()) - 1));
    setAccessibleDescription(plainText(wordsOf(to)));
    Q_EMIT picked(m_window->first + to.x(), m_window->layers[std::size_t(to.y())].layer);
}

bool RouteStrip::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) {
        return QWidget::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto at = cellAt(help->pos())) {
        QToolTip::showText(help->globalPos(), wordsOf(*at), this);
    }
    return true;
}

void RouteStrip::mousePressEvent(QMouseEvent* event) {
    if (const auto at = cellAt(event->position())) {
        Q_EMIT picked(m_window->first + at->x(), m_window->layers[std::size_t(at->y())].layer);
    }
}

} // namespace moescope
