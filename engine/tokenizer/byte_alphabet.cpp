#include "engine/tokenizer/byte_alphabet.h"

#include <array>
#include <cstdint>

#include "engine/tokenizer/utf8.h"

namespace moescope::byte_alphabet {
namespace {

constexpr bool standsForItself(int byte) {
    return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

struct Tables {
    std::array<std::string, 256> written;
    std::array<std::int16_t, 0x144> byteOf{}; // -1: not in the alphabet

    Tables() {
        byteOf.fill(-1);
        char32_t next = 0x100;
        for (int byte = 0; byte < 256; ++byte) {
            const char32_t character = standsForItself(byte) ? char32_t(byte) : next++;
            utf8::append(written[std::size_t(byte)], character);
            byteOf[character] = std::int16_t(byte);
        }
    }
};

const Tables& tables() {
    static const Tables instance;
    return instance;
}

} // namespace

const std::string& characterOf(unsigned char byte) {
    return tables().written[byte];
}

std::string write(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        out += characterOf(static_cast<unsigned char>(byte));
    }
    return out;
}

std::optional<std::string> read(std::string_view written) {
    std::string bytes;
    for (std::size_t i = 0; i < written.size(); i += utf8::lengthAt(written, i)) {
        const char32_t character = utf8::decodeAt(written, i);
        const int byte = character < tables().byteOf.size() ? tables().byteOf[character] : -1;
        if (byte < 0) {
            return std::nullopt;
        }
        bytes += static_cast<char>(static_cast<unsigned char>(byte));
    }
    return bytes;
}

} // namespace moescope::byte_alphabet
