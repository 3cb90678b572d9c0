#pragma once

#include <QStyledItemDelegate>

namespace moescope {

// Draws a row's values as small bars around the fair share, chance in grey: a chart in a table cell.
class ProfileDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    // The roles under which the model gives QList<double> and QPointF (what chance explains).
    ProfileDelegate(int valuesRole, int chanceRole, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_valuesRole(valuesRole), m_chanceRole(chanceRole) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    int m_valuesRole, m_chanceRole;
};

} // namespace moescope
