#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace moescope {

// GPT-2's alphabet: every byte written as one visible character, so that a byte-level vocabulary is readable text.
// Printable Latin-1 stands for itself; the other 68 bytes are U+0100 onwards, in order of the byte.
namespace byte_alphabet {

const std::string& characterOf(unsigned char byte); // UTF-8, one or two bytes
std::string write(std::string_view bytes);

// The bytes behind a written token; nothing when it holds a character outside the alphabet.
std::optional<std::string> read(std::string_view written);

} // namespace byte_alphabet
} // namespace moescope
