#include "engine/tokenizer/utf8.h"

#include <cstdint>
#include <cstring>

namespace moescope::utf8 {
namespace {

struct Part {
    std::size_t length;
    enum { Whole, Broken, Unfinished } state;
};

// The allowed range of the second byte depends on the first (Unicode 15, table 3-7).
bool secondByteFits(unsigned char lead, unsigned char second) {
    switch (lead) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return second >= 0x80 && second <= 0xBF;
    }
}

// The character, or the maximal part of one, at the front of a text that is not empty.
Part partAt(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        return {1, Part::Whole};
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return {1, Part::Broken};
    }
    const std::size_t length = lengthAt(lead);
    for (std::size_t i = 1; i < length; ++i) {
        if (i == text.size()) {
            return {i, Part::Unfinished};
        }
        if (i == 1 ? !secondByteFits(lead, byte(1)) : !isContinuation(text[i])) {
            return {i, Part::Broken};
        }
    }
    return {length, Part::Whole};
}

std::size_t skipAscii(std::string_view text, std::size_t i) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + i, 8);
        if ((eight & kHighBits) != 0) {
            break;
        }
    }
    return i;
}

} // namespace

std::size_t findInvalid(std::string_view text) {
    for (std::size_t i = skipAscii(text, 0); i < text.size();) {
        const Part part = partAt(text.substr(i));
        if (part.state != Part::Whole) {
            return i;
        }
        i = part.length == 1 ? skipAscii(text, i + 1) : i + part.length;
    }
    return kValid;
}

std::size_t completePrefix(std::string_view text) {
    const std::size_t reach = text.size() < 3 ? text.size() : 3; // an unfinished character has at most 3 bytes
    for (std::size_t back = 1; back <= reach; ++back) {
        const std::size_t start = text.size() - back;
        if (!isContinuation(text[start])) {
            return partAt(text.substr(start)).state == Part::Unfinished ? start : text.size();
        }
    }
    return text.size();
}

std::string replaceInvalid(std::string_view text) {
    const std::size_t firstInvalid = findInvalid(text);
    if (firstInvalid == kValid) {
        return std::string(text);
    }
    std::string out(text.substr(0, firstInvalid));
    for (std::size_t i = firstInvalid; i < text.size();) {
        const Part part = partAt(text.substr(i));
        out += part.state == Part::Whole ? text.substr(i, part.length) : std::string_view("\xEF\xBF\xBD");
        i += part.length;
    }
    return out;
}

char32_t decodeAt(std::string_view text, std::size_t position) {
    const auto byte = [&](std::size_t i) { return char32_t(static_cast<unsigned char>(text[position + i])); };
    switch (lengthAt(text, position)) {
    case 2:
        return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
    case 3:
        return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    case 4:
        return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    default:
        return byte(0);
    }
}

void append(std::string& text, char32_t c) {
    const auto put = [&](char32_t bits) { text += static_cast<char>(static_cast<unsigned char>(bits)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

} // namespace moescope::utf8
