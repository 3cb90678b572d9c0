#pragma once

#include <memory>
#include <vector>

#include "ui/data/layer_overflow.h"
#include "ui/models/value_table_model.h"
#include "ui/text/token_text.h"

namespace moescope {

// The tokens that lose experts at a capacity; those that lose all first.
class LostTokenModel : public ValueTableModel {
    Q_OBJECT
public:
    enum Column { Text, Token, Lost, LostExperts, ColumnCount };
    static constexpr std::size_t kMost = 2000; // rows; the totals count all

    using ValueTableModel::ValueTableModel;
    void setOverflow(std::shared_ptr<const LayerOverflow> overflow, const CapacityOptions& options,
                     std::shared_ptr<const TokenText> text);
    TokenIndex tokenAt(int row) const { return m_rows[std::size_t(row)]; }

    int rows() const override { return int(m_rows.size()); }
    int columns() const override { return ColumnCount; }
    ColumnInfo column(int column) const override;
    QVariant cell(int row, int column) const override;
    QVariant extra(int row, int column, int role) const override;

private:
    std::shared_ptr<const LayerOverflow> m_overflow;
    std::shared_ptr<const TokenText> m_text;
    CapacityOptions m_options;
    std::vector<TokenIndex> m_rows;
};

} // namespace moescope
