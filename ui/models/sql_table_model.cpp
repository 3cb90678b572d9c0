#include "ui/models/sql_table_model.h"

namespace moescope {

namespace {

bool isNumber(const SqlValue& value) {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

} // namespace

void SqlTableModel::setTable(std::shared_ptr<const SqlTable> table) {
    beginResetModel();
    m_table = std::move(table);
    endResetModel();
}

ColumnInfo SqlTableModel::column(int column) const {
    const bool numeric = rows() > 0 && isNumber(value(0, column));
    return {QString::fromStdString(m_table->columns[std::size_t(column)]), {}, numeric};
}

QVariant SqlTableModel::cell(int row, int column) const {
    const SqlValue& v = value(row, column);
    if (const auto* number = std::get_if<std::int64_t>(&v)) {
        return qlonglong(*number);
    }
    if (const auto* number = std::get_if<double>(&v)) {
        return *number;
    }
    return QString::fromStdString(sqlText(v));
}

QString SqlTableModel::text(int row, int column) const {
    QString out = QString::fromStdString(sqlText(value(row, column)));
    return out.replace(QLatin1Char('\n'), QStringLiteral("↵"));
}

} // namespace moescope
