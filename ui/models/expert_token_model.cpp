#include "ui/models/expert_token_model.h"

#include "ui/charts/number_format.h"
#include "ui/charts/theme.h"
#include "ui/text/decoded_text.h"

namespace moescope {

void ExpertTokenModel::setTokens(std::shared_ptr<const ExpertTokens> tokens) {
    beginResetModel();
    m_tokens = std::move(tokens);
    endResetModel();
}

ColumnInfo ExpertTokenModel::column(int column) const {
    switch (column) {
    case Text:
        return {tr("Token"), tr("The vocabulary piece; ␣ is a space, ↵ a line break"), false};
    case Count:
        return {tr("Count"), tr("Occurrences that have the expert among their k")};
    case Occurrences:
        return {tr("of"), tr("Occurrences in this part of the run; few make the share unreliable")};
    case Share:
        return {tr("Share"), tr("Vocabulary specialization: count / occurrences (OLMoE)")};
    case Surprise:
        return {tr("Surprise"), tr("How far the count lies above what the expert's share of all tokens gives: signed "
                                   "root of the Poisson deviance")};
    default:
        return {tr("Id"), tr("Vocabulary id")};
    }
}

QVariant ExpertTokenModel::cell(int row, int column) const {
    const ExpertToken& token = m_tokens->tokens[std::size_t(row)];
    switch (column) {
    case Text:
        return token.text.empty() ? QStringLiteral("⟨%1⟩").arg(token.tokenId) : visibleToken(token.text);
    case Count:
        return qlonglong(token.count);
    case Occurrences:
        return qlonglong(token.occurrences);
    case Share:
        return token.share;
    case Surprise:
        return token.surprise;
    default:
        return token.tokenId;
    }
}

QString ExpertTokenModel::text(int row, int column) const {
    const QVariant value = cell(row, column);
    switch (column) {
    case Count:
    case Occurrences:
        return count(value.toLongLong());
    case Share:
        return percent(value.toDouble(), 0);
    case Surprise:
        return QString::number(value.toDouble(), 'f', 1);
    default:
        return value.toString();
    }
}

QString ExpertTokenModel::toolTip(int row, int) const {
    const ExpertToken& token = m_tokens->tokens[std::size_t(row)];
    return tr("%1 of the %2 occurrences of this token have expert %3 among their k (%4); over all tokens it is %5")
        .arg(count(token.count), count(token.occurrences))
        .arg(m_tokens->expert.value)
        .arg(percent(token.share), percent(m_tokens->overallShare));
}

QVariant ExpertTokenModel::extra(int, int column, int role) const {
    return role == Qt::FontRole && column == Text ? QVariant(codeFont(10)) : QVariant();
}

} // namespace moescope
