#include "ui/models/value_table_model.h"

namespace moescope {

int ValueTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : rows();
}

int ValueTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : columns();
}

QVariant ValueTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    switch (role) {
    case Qt::DisplayRole:
        return text(index.row(), index.column());
    case Qt::ToolTipRole:
        return toolTip(index.row(), index.column());
    case Qt::TextAlignmentRole:
        return int((column(index.column()).numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case kSortRole:
        return cell(index.row(), index.column());
    default:
        return extra(index.row(), index.column(), role);
    }
}

QVariant ValueTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columns()) {
        return {};
    }
    switch (role) {
    case Qt::DisplayRole:
        return column(section).name;
    case Qt::ToolTipRole:
        return column(section).definition;
    case Qt::TextAlignmentRole:
        return int((column(section).numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QString ValueTableModel::text(int row, int columnIndex) const {
    return cell(row, columnIndex).toString();
}

QString ValueTableModel::toolTip(int, int) const {
    return {};
}

QVariant ValueTableModel::extra(int, int, int) const {
    return {};
}

} // namespace moescope
