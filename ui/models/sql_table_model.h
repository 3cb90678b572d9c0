#pragma once

#include <memory>

#include "app/service/sql_query.h"
#include "ui/models/value_table_model.h"

namespace moescope {

// The rows a query gave.
class SqlTableModel : public ValueTableModel {
    Q_OBJECT
public:
    using ValueTableModel::ValueTableModel;
    void setTable(std::shared_ptr<const SqlTable> table);

    int rows() const override { return m_table ? int(m_table->rows.size()) : 0; }
    int columns() const override { return m_table ? int(m_table->columns.size()) : 0; }
    ColumnInfo column(int column) const override;
    QVariant cell(int row, int column) const override;
    QString text(int row, int column) const override;

private:
    const SqlValue& value(int row, int column) const { return m_table->rows[std::size_t(row)][std::size_t(column)]; }
    std::shared_ptr<const SqlTable> m_table;
};

} // namespace moescope
