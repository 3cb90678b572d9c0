#pragma once

#include <cstddef>
#include <string_view>

namespace moescope {

struct Utf8Char {
    char32_t code = 0;
    std::size_t bytes = 1; // 1 where not valid: one byte to pass over
    bool valid = false;
};

// The first character of `text` (not empty). Overlong forms, surrogates and values above U+10FFFF are not valid.
inline Utf8Char nextUtf8(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        return {lead, 1, true};
    }
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) {
        return {};
    }
    char32_t code = lead & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) {
            return {};
        }
        code = code << 6U | (byte(i) & 0x3FU);
    }
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < kSmallest[bytes] || code > 0x10FFFF || surrogate) {
        return {};
    }
    return {code, bytes, true};
}

} // namespace moescope
