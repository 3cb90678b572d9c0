#include "engine/tokenizer/text_input.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>

#include "engine/routing/error.h"
#include "engine/tokenizer/utf8.h"

namespace moescope {

void requireUtf8(std::string_view text) {
    const std::size_t invalid = utf8::findInvalid(text);
    if (invalid != utf8::kValid) {
        throw Error(ErrorCode::InvalidArgument, "the text is not valid UTF-8 (byte " + std::to_string(invalid) +
                                                    "); convert it first, for example with iconv -t UTF-8");
    }
}

std::string printable(std::string_view text, std::size_t longest) {
    const bool cut = text.size() > longest;
    if (cut) {
        text = text.substr(0, utf8::completePrefix(text.substr(0, longest)));
    }
    std::string out;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= ' ' && c != '\x7F') {
            out += c;
            continue;
        }
        std::array<char, 5> escaped{};
        std::snprintf(escaped.data(), escaped.size(), "\\x%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        out += escaped.data();
    }
    return cut ? out + "..." : out;
}

std::string readWholeFile(const std::filesystem::path& file) {
    std::error_code problem;
    if (!std::filesystem::is_regular_file(file, problem)) {
        throw Error(ErrorCode::NotFound, file.string() + ": no such file");
    }
    const std::uintmax_t size = std::filesystem::file_size(file, problem);
    std::ifstream in(file, std::ios::binary);
    std::string bytes(problem ? 0 : std::size_t(size), '\0');
    if (!in.read(bytes.data(), std::streamsize(bytes.size()))) {
        throw Error(ErrorCode::Io, file.string() + ": cannot be read; check its permissions");
    }
    return bytes;
}

std::string hashOf(std::string_view bytes) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char byte : bytes) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3ULL;
    }
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash));
    return digits.data();
}

} // namespace moescope
