#include "app/service/tokenize_service.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "datasets/document_reader.h"
#include "engine/routing/error.h"
#include "engine/tokenizer/tokenizer.h"

namespace moescope {

namespace {

std::string encoded(const Tokenizer& tokenizer, const std::string& text, const std::string& where, bool special) {
    const std::size_t bad = firstInvalidUtf8(text);
    if (bad != std::string::npos)
        throw Error(ErrorCode::Corruption, fmt::format("{}: byte 0x{:02X} at offset {} is not valid UTF-8; convert the "
                                                       "text first",
                                                       where, static_cast<unsigned char>(text[bad]), bad));
    return nlohmann::json(tokenizer.encode(text, special)).dump();
}

std::string decoded(const Tokenizer& tokenizer, const nlohmann::json& json, const std::string& where,
                    bool skipSpecial) {
    std::vector<std::int32_t> ids;
    if (!json.is_array())
        throw Error(ErrorCode::Corruption, where + ": expected a JSON array of token ids");
    for (const auto& id : json) {
        if (!id.is_number_integer() || id < 0 || id > std::numeric_limits<std::int32_t>::max())
            throw Error(ErrorCode::Corruption, fmt::format("{}: {} is not a token id", where, id.dump()));
        ids.push_back(id.get<std::int32_t>());
    }
    return nlohmann::json(tokenizer.decode(ids, skipSpecial)).dump();
}

std::string line(const Tokenizer& tokenizer, const std::string& text, const std::string& where,
                 const TokenizeMode& mode) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (mode.decode)
        return decoded(tokenizer, json, where, mode.special);
    if (!json.is_string())
        throw Error(ErrorCode::Corruption, where + ": expected a JSON string");
    return encoded(tokenizer, json.get<std::string>(), where, mode.special);
}

} // namespace

std::string tokenizeOne(const Tokenizer& tokenizer, const std::string& input, const std::string& where,
                        const TokenizeMode& mode) {
    if (mode.decode)
        return decoded(tokenizer, nlohmann::json::parse(input, nullptr, false), where, mode.special);
    return encoded(tokenizer, input, where, mode.special);
}

void tokenizeLines(const Tokenizer& tokenizer, const std::string& file, const TokenizeMode& mode, std::ostream& out) {
    std::ifstream opened;
    if (file != "-") {
        opened.open(file, std::ios::binary);
        if (!opened)
            throw Error(ErrorCode::Io, fmt::format("{}: cannot be opened: {}", file, std::strerror(errno)));
    }
    std::istream& in = file == "-" ? std::cin : opened;
    std::string text;
    for (std::size_t number = 1; std::getline(in, text); ++number)
        out << line(tokenizer, text, fmt::format("{}, line {}", file == "-" ? "standard input" : file, number), mode)
            << '\n';
}

std::string readWhole(const std::string& file) {
    std::ifstream opened;
    if (file != "-")
        opened.open(file, std::ios::binary);
    std::istream& in = file == "-" ? std::cin : opened;
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in && !in.eof())
        throw Error(ErrorCode::Io, fmt::format("{}: cannot be read: {}", file, std::strerror(errno)));
    return bytes;
}

} // namespace moescope
