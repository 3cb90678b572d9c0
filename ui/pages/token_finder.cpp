#include "ui/pages/token_finder.h"

#include <algorithm>
#include <functional>

#include <QRegularExpression>

namespace moescope {

namespace {

std::optional<TokenIndex> scan(TokenIndex tokens, TokenIndex from, int direction,
                               const std::function<bool(TokenIndex)>& fits) {
    TokenIndex at = from;
    for (TokenIndex i = 0; i < tokens; ++i) {
        at += direction;
        at = at >= tokens ? 0 : at < 0 ? tokens - 1 : at;
        if (fits(at)) {
            return at;
        }
    }
    return std::nullopt;
}

std::optional<TokenIndex> findBytes(const TokenText& text, std::string_view words, TokenIndex from, int direction) {
    const std::string_view all = text.bytes();
    std::size_t at = std::string_view::npos;
    if (direction > 0) {
        at = all.find(words, from < 0 ? 0 : text.endOf(from));
        at = at == std::string_view::npos ? all.find(words) : at;
    } else {
        const std::size_t before = from <= 0 ? std::string_view::npos : text.beginOf(from) - 1;
        at = all.rfind(words, before);
        at = at == std::string_view::npos ? all.rfind(words) : at;
    }
    return at == std::string_view::npos ? std::nullopt : std::optional(text.tokenAt(at));
}

} // namespace

std::optional<TokenIndex> findToken(const TokenText& text, const LayerRouting* routing, const QString& query,
                                    TokenIndex from, int direction) {
    if (query.isEmpty() || text.tokens() == 0) {
        return std::nullopt;
    }
    static const QRegularExpression expert(QStringLiteral("^[Ee](\\d+)$")), id(QStringLiteral("^#(\\d+)$"));
    if (const auto match = expert.match(query); match.hasMatch() && routing) {
        const ExpertId wanted(match.captured(1).toInt());
        return scan(text.tokens(), from, direction, [&](TokenIndex t) { return routing->chose(t, wanted); });
    }
    if (const auto match = id.match(query); match.hasMatch()) {
        const int wanted = match.captured(1).toInt();
        return scan(text.tokens(), from, direction, [&](TokenIndex t) { return text.idOf(t) == wanted; });
    }
    return findBytes(text, query.toStdString(), from, direction);
}

} // namespace moescope
