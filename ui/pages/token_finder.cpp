#include "ui/pages/token_finder.h"

#include <algorithm>
#include <functional>

#include <QRegularExpression>

#include "ui/text/decoded_text.h"

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

std::optional<TokenIndex> matchIn(const TokenText& text, const Paragraph& paragraph, const QRegularExpression& pattern,
                                  TokenIndex from, int direction) {
    const DecodedText decoded = decode(text.bytes().substr(paragraph.begin, paragraph.end - paragraph.begin));
    std::optional<TokenIndex> found;
    for (auto matches = pattern.globalMatch(decoded.text); matches.hasNext();) {
        const auto at = std::size_t(matches.next().capturedStart());
        const TokenIndex token = text.tokenAt(paragraph.begin + decoded.byteOf[at]);
        if (direction > 0 && token > from) {
            return token;
        }
        if (direction < 0 && token < from) {
            found = token;
        }
    }
    return found;
}

// Paragraph by paragraph, so that a pattern never spans two.
std::optional<TokenIndex> findPattern(const TokenText& text, const QRegularExpression& pattern, TokenIndex from,
                                      int direction) {
    const auto paragraphs = std::int64_t(text.paragraphs().size());
    if (!pattern.isValid() || paragraphs == 0) {
        return std::nullopt;
    }
    const TokenIndex inside = std::clamp<TokenIndex>(from, 0, text.tokens() - 1);
    auto at = std::int64_t(text.paragraphOf(inside));
    for (std::int64_t i = 0; i <= paragraphs; ++i) {
        const Paragraph& paragraph = text.paragraphs()[std::size_t(at)];
        if (paragraph.kind == Paragraph::Kind::Text) {
            if (const auto token = matchIn(text, paragraph, pattern, from, direction)) {
                return token;
            }
        }
        at += direction;
        if (at < 0 || at >= paragraphs) { // around the end
            at = direction > 0 ? 0 : paragraphs - 1;
            from = direction > 0 ? -1 : text.tokens();
        }
    }
    return std::nullopt;
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
    if (query.size() > 2 && query.startsWith(QLatin1Char('/')) && query.endsWith(QLatin1Char('/'))) {
        const QRegularExpression pattern(query.mid(1, query.size() - 2),
                                         QRegularExpression::UseUnicodePropertiesOption);
        return findPattern(text, pattern, from, direction);
    }
    return findBytes(text, query.toStdString(), from, direction);
}

} // namespace moescope
