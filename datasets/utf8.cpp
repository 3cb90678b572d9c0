#include "datasets/utf8.h"

namespace moescope {
namespace {

// What may follow a lead byte: how many bytes, and the range of the first of them.
struct Sequence {
    std::size_t following = 0;
    unsigned char lowest = 0x80;
    unsigned char highest = 0xBF;
    bool valid = true;
};

Sequence sequenceOf(unsigned char lead) {
    if (lead < 0x80) {
        return {0};
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return {1};
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        const unsigned char lowest = lead == 0xE0 ? 0xA0 : 0x80;
        const unsigned char highest = lead == 0xED ? 0x9F : 0xBF;
        return {2, lowest, highest};
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const unsigned char lowest = lead == 0xF0 ? 0x90 : 0x80;
        const unsigned char highest = lead == 0xF4 ? 0x8F : 0xBF;
        return {3, lowest, highest};
    }
    return {0, 0, 0, false};
}

bool startsCharacter(std::string_view bytes, const Sequence& sequence) {
    if (!sequence.valid || bytes.size() <= sequence.following) {
        return false;
    }
    for (std::size_t i = 1; i <= sequence.following; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        const unsigned char lowest = i == 1 ? sequence.lowest : 0x80;
        const unsigned char highest = i == 1 ? sequence.highest : 0xBF;
        if (byte < lowest || byte > highest) {
            return false;
        }
    }
    return true;
}

} // namespace

std::size_t firstInvalidUtf8(std::string_view text) {
    std::size_t position = 0;
    while (position < text.size()) {
        const Sequence sequence = sequenceOf(static_cast<unsigned char>(text[position]));
        if (!startsCharacter(text.substr(position), sequence)) {
            return position;
        }
        position += sequence.following + 1;
    }
    return std::string_view::npos;
}

} // namespace moescope
