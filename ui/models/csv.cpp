#include "ui/charts/csv_text.h"
#include "ui/charts/number_format.h"
#include "ui/models/value_table_model.h"

namespace moescope {

namespace {

QString cellText(const QModelIndex& index) {
    const QVariant value = index.data(ValueTableModel::kSortRole);
    if (value.typeId() == QMetaType::Double || value.typeId() == QMetaType::Float) {
        return exactNumber(value.toDouble());
    }
    return value.isValid() ? value.toString() : index.data(Qt::DisplayRole).toString();
}

} // namespace

QString csvOf(const QAbstractItemModel& model) {
    QStringList head;
    for (int c = 0; c < model.columnCount(); ++c) {
        head << model.headerData(c, Qt::Horizontal).toString();
    }
    QString out = csvRow(head);
    for (int r = 0; r < model.rowCount(); ++r) {
        QStringList cells;
        for (int c = 0; c < model.columnCount(); ++c) {
            const QString text = cellText(model.index(r, c));
            cells << (text.isNull() ? QLatin1String("") : text);
        }
        out += csvRow(cells);
    }
    return out;
}

} // namespace moescope
