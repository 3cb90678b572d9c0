#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <QString>

namespace moescope {

// UTF-8 bytes as text to show, with the byte each UTF-16 unit comes from. Bytes that are no UTF-8 appear as U+FFFD,
// control characters as their pictures, a line break as ↵.
struct DecodedText {
    QString text;
    std::vector<std::uint32_t> byteOf; // [text.size() + 1]
};

DecodedText decode(std::string_view bytes);
// A token's bytes on one line, for tables and tooltips: spaces visible, escapes for what is not text.
QString visibleToken(std::string_view bytes);

} // namespace moescope
