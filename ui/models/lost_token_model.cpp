#include "ui/models/lost_token_model.h"

#include <QCoreApplication>

#include "ui/charts/theme.h"
#include "ui/text/decoded_text.h"

namespace moescope {

void LostTokenModel::setOverflow(std::shared_ptr<const LayerOverflow> overflow, const CapacityOptions& options,
                                 std::shared_ptr<const TokenText> text) {
    beginResetModel();
    m_overflow = std::move(overflow);
    m_options = options;
    m_text = std::move(text);
    m_rows = m_overflow ? lostTokens(*m_overflow, m_options, kMost) : std::vector<TokenIndex>();
    endResetModel();
}

ColumnInfo LostTokenModel::column(int column) const {
    switch (column) {
    case Text:
        return {tr("Token"), tr("The token's text"), false};
    case Token:
        return {tr("Index"), tr("0-based index within the run")};
    case Lost:
        return {tr("Lost"), tr("Choices dropped of all choices")};
    default:
        return {tr("Full experts"), tr("The experts that had no room for it"), false};
    }
}

QVariant LostTokenModel::cell(int row, int column) const {
    const TokenIndex token = m_rows[std::size_t(row)];
    switch (column) {
    case Text:
        return m_text && token < m_text->tokens() ? visibleToken(m_text->textOf(token)) : QString();
    case Token:
        return qlonglong(token);
    case Lost:
        return tr("%1 of %2").arg(m_overflow->droppedSlots(token, m_options)).arg(m_overflow->choices(token));
    default:
        break;
    }
    QStringList experts;
    for (int slot = 0; slot < m_overflow->topK; ++slot) {
        if (m_overflow->dropped(token, slot, m_options)) {
            experts << QStringLiteral("E%1").arg(
                m_overflow->ids[std::size_t(token) * std::size_t(m_overflow->topK) + std::size_t(slot)]);
        }
    }
    return experts.join(QStringLiteral("  "));
}

QVariant LostTokenModel::extra(int, int column, int role) const {
    return role == Qt::FontRole && column == Text ? QVariant(codeFont(10)) : QVariant();
}

} // namespace moescope
