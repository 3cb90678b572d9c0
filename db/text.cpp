#include "db/text.h"

#include <cstddef>

namespace moescope {

namespace {

unsigned char at(std::string_view bytes, std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
}

bool follows(unsigned char byte, unsigned char low = 0x80, unsigned char high = 0xBF) {
    return byte >= low && byte <= high;
}

// Length of the valid character at i, 0 where there is none (Unicode, table 3-7: no overlong forms, no surrogates).
std::size_t characterLength(std::string_view bytes, std::size_t i) {
    const unsigned char a = at(bytes, i);
    const unsigned char b = at(bytes, i + 1);
    if (a < 0x80) {
        return 1;
    }
    if (a >= 0xC2 && a <= 0xDF) {
        return follows(b) ? 2 : 0;
    }
    if (a >= 0xE0 && a <= 0xEF) {
        const bool second = follows(b, a == 0xE0 ? 0xA0 : 0x80, a == 0xED ? 0x9F : 0xBF);
        return second && follows(at(bytes, i + 2)) ? 3 : 0;
    }
    if (a >= 0xF0 && a <= 0xF4) {
        const bool second = follows(b, a == 0xF0 ? 0x90 : 0x80, a == 0xF4 ? 0x8F : 0xBF);
        return second && follows(at(bytes, i + 2)) && follows(at(bytes, i + 3)) ? 4 : 0;
    }
    return 0;
}

} // namespace

std::string printableUtf8(std::string_view bytes) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t length = characterLength(bytes, i);
        if (length > 0) {
            out += bytes.substr(i, length);
            i += length;
        } else {
            const unsigned char byte = at(bytes, i);
            out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
            ++i;
        }
    }
    return out;
}

} // namespace moescope
