#include "app/service/export_text.h"

#include "analysis/utf8.h"

namespace moescope {

std::string readableText(std::string_view bytes) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const Utf8Char c = nextUtf8(bytes);
        if (c.valid) {
            text.append(bytes.substr(0, c.bytes));
        } else {
            const auto byte = static_cast<unsigned char>(bytes[0]);
            text += {'\\', 'x', kHex[byte >> 4U], kHex[byte & 15U]};
        }
        bytes.remove_prefix(c.bytes);
    }
    return text;
}

bool looksLikeFormula(std::string_view cell) {
    return !cell.empty() && std::string_view("=+-@\t\r\n").find(cell[0]) != std::string_view::npos;
}

} // namespace moescope
