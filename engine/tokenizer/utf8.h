#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace moescope::utf8 {

inline constexpr std::size_t kValid = std::string_view::npos;

// Byte length of a character by its first byte; 1 for bytes that start none.
inline std::size_t lengthAt(unsigned char lead) {
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 1;
}

// Of the character that begins at `position`.
inline std::size_t lengthAt(std::string_view text, std::size_t position) {
    return lengthAt(static_cast<unsigned char>(text[position]));
}

inline bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The offset of the first byte that is not part of a well-formed character, or kValid.
std::size_t findInvalid(std::string_view text);

// Length of a prefix of `text` that ends where a character ends or cannot be completed: what is left over is the
// beginning of a character whose other bytes may still come.
std::size_t completePrefix(std::string_view text);

// Every maximal ill-formed part becomes U+FFFD (Unicode 15, section 3.9, "substitution of maximal subparts").
std::string replaceInvalid(std::string_view text);

// The character at `position`, which must be well-formed.
char32_t decodeAt(std::string_view text, std::size_t position);
void append(std::string& text, char32_t character);

} // namespace moescope::utf8
