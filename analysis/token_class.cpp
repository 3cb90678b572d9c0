#include "analysis/token_class.h"

#include <algorithm>

#include "analysis/utf8.h"

namespace moescope {

namespace {

bool isBlank(char32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000;
}
bool isDigit(char32_t c) {
    return c >= '0' && c <= '9';
}
bool isLatin(char32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}
bool isCapital(char32_t c) {
    return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
}
bool isSign(char32_t c) {
    return c > ' ' && c < 0x7F && !isDigit(c) && !isLatin(c);
}

} // namespace

TokenClass classOf(std::string_view piece) {
    bool blankFirst = false;
    std::array<std::size_t, 5> seen{}; // blanks, Latin, digits, signs, beyond
    std::size_t points = 0, underscores = 0;
    bool capitalFirst = false, capitalInside = false, smallBefore = false;
    for (std::size_t at = 0; at < piece.size();) {
        const Utf8Char c = nextUtf8(piece.substr(at));
        if (!c.valid) {
            return TokenClass::Fragment;
        }
        blankFirst = blankFirst || (at == 0 && isBlank(c.code));
        points += c.code == '.' || c.code == ',' ? 1 : 0;
        underscores += c.code == '_' ? 1 : 0;
        capitalFirst = capitalFirst || (isCapital(c.code) && seen[1] + seen[2] + seen[3] == 0);
        capitalInside = capitalInside || (isCapital(c.code) && smallBefore);
        smallBefore = smallBefore || (isLatin(c.code) && !isCapital(c.code));
        ++seen[isBlank(c.code) ? 0 : isLatin(c.code) ? 1 : isDigit(c.code) ? 2 : isSign(c.code) ? 3 : 4];
        at += c.bytes;
    }
    const auto [blanks, latin, digits, signs, beyond] = seen;
    if (piece.empty()) {
        return TokenClass::Other;
    }
    if (latin + digits + signs + beyond == 0) {
        return TokenClass::Space;
    }
    if (latin > 0 && beyond == 0 && signs == underscores && (digits + underscores > 0 || capitalInside)) {
        return TokenClass::Identifier;
    }
    if (latin > 0 && digits + signs + beyond == 0) {
        if (capitalFirst) {
            return TokenClass::Capitalised;
        }
        return blankFirst ? TokenClass::WordStart : TokenClass::WordPart;
    }
    if (digits > 0 && latin + beyond == 0 && signs == points) {
        return TokenClass::Number;
    }
    if (signs > 0 && latin + digits + beyond == 0) {
        return TokenClass::Punctuation;
    }
    return beyond > 0 && latin + digits + signs == 0 ? TokenClass::OtherScript : TokenClass::Other;
}

} // namespace moescope
