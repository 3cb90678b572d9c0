#include "ui/text/decoded_text.h"

namespace moescope {

namespace {

// The code point at `at` and its length; length 0 where the bytes are no UTF-8.
std::pair<char32_t, int> codePoint(std::string_view bytes, std::size_t at) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    if (lead < 0x80) {
        return {lead, 1};
    }
    const int length = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 0 || lead >= 0xF5 || at + std::size_t(length) > bytes.size()) {
        return {0, 0};
    }
    char32_t value = lead & (0xFFU >> (length + 1));
    for (int i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(bytes[at + std::size_t(i)]);
        if ((next & 0xC0U) != 0x80U) {
            return {0, 0};
        }
        value = (value << 6) | (next & 0x3FU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    const bool surrogate = value >= 0xD800 && value < 0xE000;
    return overlong || surrogate || value > 0x10FFFF ? std::pair<char32_t, int>{0, 0} : std::pair{value, length};
}

char32_t shown(char32_t c) {
    if (c == U'\n') {
        return U'↵';
    }
    if (c == 0x7F) {
        return U'␡';
    }
    return c < 0x20 && c != U'\t' ? 0x2400 + c : c;
}

} // namespace

DecodedText decode(std::string_view bytes) {
    DecodedText out;
    out.text.reserve(qsizetype(bytes.size()));
    for (std::size_t at = 0; at < bytes.size();) {
        const auto [value, length] = codePoint(bytes, at);
        const char32_t c = length == 0 ? U'\uFFFD' : shown(value);
        const QString units = QString::fromUcs4(&c, 1);
        out.text += units;
        out.byteOf.insert(out.byteOf.end(), std::size_t(units.size()), std::uint32_t(at));
        at += std::size_t(std::max(length, 1));
    }
    out.byteOf.push_back(std::uint32_t(bytes.size()));
    return out;
}

QString visibleToken(std::string_view bytes) {
    QString out;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto [value, length] = codePoint(bytes, at);
        if (length == 0) {
            out += QStringLiteral("\\x%1")
                       .arg(static_cast<unsigned char>(bytes[at]), 2, 16, QLatin1Char('0'))
                       .toUpper()
                       .replace(QLatin1Char('X'), QLatin1Char('x'));
        } else if (value == U' ') {
            out += QStringLiteral("␣");
        } else if (value == U'\t') {
            out += QStringLiteral("⇥");
        } else {
            const char32_t c = shown(value);
            out += QString::fromUcs4(&c, 1);
        }
        at += std::size_t(std::max(length, 1));
    }
    return out;
}

} // namespace moescope
