#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace moescope {

// What kind of text a vocabulary piece is, by its bytes: what an expert that follows the surface of the text, not its
// meaning, goes by.
enum class TokenClass : std::uint8_t {
    Space,       // blanks, tabs and line ends only
    WordStart,   // Latin letters after a blank
    WordPart,    // Latin letters without one, a continuation or the start of a line
    Capitalised, // Latin letters that begin with a capital
    Identifier,  // letters with digits, underscores or capitals inside: names as programs have them
    Number,      // digits, with a blank or a decimal point allowed
    Punctuation, // ASCII signs
    OtherScript, // letters beyond Latin: CJK, Hangul, Cyrillic, ...
    Fragment,    // part of a character only, not valid UTF-8
    Other,       // anything mixed, and pieces without text
};

inline constexpr std::array<std::string_view, 10> kTokenClassNames{
    "space",  "word start",  "word part",    "capitalised", "identifier",
    "number", "punctuation", "other script", "fragment",    "other"};

TokenClass classOf(std::string_view piece);

} // namespace moescope
