#include "ui/models/fact_table_model.h"

#include "ui/charts/number_format.h"

namespace moescope {

QString FactTableModel::text(int row, int column) const {
    const QVariant value = cell(row, column);
    switch (value.typeId()) {
    case QMetaType::LongLong:
        return count(value.toLongLong());
    case QMetaType::Double:
        return shortNumber(value.toDouble());
    default:
        return value.toString();
    }
}

} // namespace moescope
