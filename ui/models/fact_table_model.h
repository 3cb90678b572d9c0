#pragma once

#include <vector>

#include "ui/models/value_table_model.h"

namespace moescope {

// Name and value, or any few columns of ready text: provenance, domains.
class FactTableModel : public ValueTableModel {
    Q_OBJECT
public:
    explicit FactTableModel(std::vector<ColumnInfo> columns, QObject* parent = nullptr)
        : ValueTableModel(parent), m_columns(std::move(columns)) {}

    void setRows(std::vector<QVariantList> rows) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
    }

    int rows() const override { return int(m_rows.size()); }
    int columns() const override { return int(m_columns.size()); }
    ColumnInfo column(int column) const override { return m_columns[std::size_t(column)]; }
    QVariant cell(int row, int column) const override { return m_rows[std::size_t(row)][column]; }
    QString text(int row, int column) const override;
    QString toolTip(int row, int column) const override { return text(row, column); }

private:
    std::vector<ColumnInfo> m_columns;
    std::vector<QVariantList> m_rows;
};

} // namespace moescope
