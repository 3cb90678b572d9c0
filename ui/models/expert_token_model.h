#pragma once

#include <memory>

#include "ui/data/expert_tokens.h"
#include "ui/models/value_table_model.h"

namespace moescope {

// The tokens an expert is for, with the counts that say how sure that is.
class ExpertTokenModel : public ValueTableModel {
    Q_OBJECT
public:
    enum Column { Text, Count, Occurrences, Share, Surprise, TokenId, ColumnCount };
    using ValueTableModel::ValueTableModel;
    void setTokens(std::shared_ptr<const ExpertTokens> tokens);
    std::int32_t tokenIdAt(int row) const { return m_tokens->tokens[std::size_t(row)].tokenId; }

    int rows() const override { return m_tokens ? int(m_tokens->tokens.size()) : 0; }
    int columns() const override { return ColumnCount; }
    ColumnInfo column(int column) const override;
    QVariant cell(int row, int column) const override;
    QString text(int row, int column) const override;
    QString toolTip(int row, int column) const override;
    QVariant extra(int row, int column, int role) const override;

private:
    std::shared_ptr<const ExpertTokens> m_tokens;
};

} // namespace moescope
