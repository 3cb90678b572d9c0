#include "ui/charts/profile_delegate.h"

#include <algorithm>

#include <QPainter>
#include <QPointF>

#include "ui/charts/theme.h"

namespace moescope {

void ProfileDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index);
    const auto values = index.data(m_valuesRole).value<QList<double>>();
    if (values.isEmpty()) {
        return;
    }
    const Theme& theme = themeOf(option.palette);
    const QPointF chance = index.data(m_chanceRole).toPointF();
    const QRectF box = QRectF(option.rect).adjusted(8, 5, -8, -5);
    const double top = std::clamp(*std::max_element(values.begin(), values.end()), 2.0, 8.0);
    const auto y = [&](double v) { return box.bottom() - std::clamp(v / top, 0.0, 1.0) * box.height(); };
    const double step = box.width() / double(values.size()), gap = step > 4 ? 1.0 : 0.0;
    painter->save();
    QColor band = theme.chance;
    band.setAlphaF(0.25F);
    painter->fillRect(QRectF(QPointF(box.left(), y(chance.y())), QPointF(box.right(), y(chance.x()))), band);
    for (qsizetype i = 0; i < values.size(); ++i) {
        const double v = values[i];
        if (!(v >= 0)) {
            continue; // left out by the filter
        }
        const QColor color = v > chance.y() ? theme.over : v < chance.x() ? theme.under : theme.chance;
        painter->fillRect(QRectF(box.left() + double(i) * step, y(v), step - gap, box.bottom() - y(v)), color);
    }
    painter->setPen(QPen(theme.mutedText, 1, Qt::DotLine));
    painter->drawLine(QPointF(box.left(), y(1)), QPointF(box.right(), y(1)));
    painter->restore();
}

QSize ProfileDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {150, 34}; // at least
}

} // namespace moescope
