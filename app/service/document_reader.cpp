#include "app/service/document_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/routing/error.h"

namespace moescope {

namespace fs = std::filesystem;

namespace {

constexpr const char* kDefaultDomain = "text";

std::string readStream(std::istream& in, const std::string& name) {
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (in.bad())
        throw Error(ErrorCode::Io, fmt::format("{}: cannot be read: {}", name, std::strerror(errno)));
    return bytes;
}

std::string readFile(const fs::path& path) {
    if (path == "-")
        return readStream(std::cin, "standard input");
    std::ifstream in(path, std::ios::binary);
    if (!in)
        throw Error(ErrorCode::Io, fmt::format("{}: cannot be opened: {}", path.string(), std::strerror(errno)));
    return readStream(in, path.string());
}

void requireUtf8(const std::string& text, const std::string& where) {
    const std::size_t bad = firstInvalidUtf8(text);
    if (bad != std::string::npos)
        throw Error(
            ErrorCode::Corruption,
            fmt::format("{}: byte 0x{:02X} at offset {} is not valid UTF-8; convert the text first, for example "
                        "with `iconv -f latin1 -t utf-8`",
                        where, static_cast<unsigned char>(text[bad]), bad));
}

TextDocument jsonDocument(const std::string& line, const TextDocument& defaults, const std::string& where) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    TextDocument document = defaults;
    if (json.is_string()) {
        document.text = json.get<std::string>();
    } else if (json.is_object() && json.contains("text") && json["text"].is_string()) {
        document.text = json["text"].get<std::string>();
        if (json.contains("domain") && json["domain"].is_string())
            document.domain = json["domain"].get<std::string>();
        if (json.contains("name") && json["name"].is_string())
            document.name = json["name"].get<std::string>();
    } else {
        throw Error(ErrorCode::Corruption,
                    where + ": expected a JSON string or an object with a \"text\" string on each line");
    }
    return document;
}

void addJsonLines(const std::string& bytes, const TextDocument& defaults, const std::string& file,
                  std::vector<TextDocument>& documents) {
    std::size_t number = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
        const std::string line = bytes.substr(at, end - at);
        at = end + 1;
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        TextDocument named = defaults;
        named.name = fmt::format("{}:{}", defaults.name, number);
        documents.push_back(jsonDocument(line, named, fmt::format("{}, line {}", file, number)));
    }
}

void addFile(const fs::path& path, const std::string& name, const std::string& domain,
             std::vector<TextDocument>& documents) {
    const std::string where = path == "-" ? "standard input" : path.string();
    TextDocument document{name, domain, readFile(path)};
    requireUtf8(document.text, where);
    if (path.extension() != ".jsonl") {
        documents.push_back(std::move(document));
        return;
    }
    const std::string bytes = std::move(document.text);
    document.text.clear();
    addJsonLines(bytes, document, where, documents);
}

std::vector<fs::path> filesBelow(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string extension = entry.path().extension().string();
        if (entry.is_regular_file() && (extension == ".txt" || extension == ".jsonl"))
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

// folder/DOMAIN/.../file.txt has the domain DOMAIN; folder/file.txt that of the folder's name.
std::string domainBelow(const fs::path& folder, const fs::path& file) {
    const fs::path relative = file.lexically_relative(folder);
    if (std::distance(relative.begin(), relative.end()) > 1)
        return relative.begin()->string();
    const fs::path name = fs::weakly_canonical(folder).filename();
    return name.empty() ? kDefaultDomain : name.string();
}

void addFolder(const TextInput& input, std::vector<TextDocument>& documents) {
    const std::vector<fs::path> files = filesBelow(input.path);
    if (files.empty())
        throw Error(ErrorCode::NotFound,
                    fmt::format("{}: the folder holds no .txt or .jsonl files", input.path.string()));
    for (const fs::path& file : files)
        addFile(file, file.lexically_relative(input.path).generic_string(),
                input.domain.empty() ? domainBelow(input.path, file) : input.domain, documents);
}

void addInput(const TextInput& input, std::vector<TextDocument>& documents) {
    const std::string domain = input.domain.empty() ? kDefaultDomain : input.domain;
    std::error_code ignored;
    if (input.path == "-")
        addFile(input.path, "standard input", domain, documents);
    else if (fs::is_directory(input.path, ignored))
        addFolder(input, documents);
    else if (fs::exists(input.path, ignored))
        addFile(input.path, input.path.filename().string(), domain, documents);
    else
        throw Error(ErrorCode::NotFound, fmt::format("{}: no such file or folder", input.path.string()));
}

} // namespace

std::vector<TextDocument> readDocuments(const std::vector<TextInput>& inputs) {
    std::vector<TextDocument> documents;
    try {
        for (const TextInput& input : inputs)
            addInput(input, documents);
    } catch (const fs::filesystem_error& error) {
        throw Error(ErrorCode::Io, fmt::format("{}: {}", error.path1().string(), error.code().message()));
    }
    return documents;
}

std::vector<std::vector<std::int32_t>> readTokenIds(const fs::path& file, std::int32_t vocabulary) {
    const auto json = nlohmann::json::parse(readFile(file), nullptr, false);
    if (!json.is_array())
        throw Error(ErrorCode::Corruption, file.string() + ": expected a JSON array of arrays of token ids");
    std::vector<std::vector<std::int32_t>> documents;
    for (const auto& row : json) {
        if (!row.is_array())
            throw Error(ErrorCode::Corruption,
                        fmt::format("{}: element {} is not an array of token ids", file.string(), documents.size()));
        auto& ids = documents.emplace_back();
        for (const auto& id : row) {
            const bool valid =
                id.is_number_integer() && id.get<std::int64_t>() >= 0 && id.get<std::int64_t>() < vocabulary;
            if (!valid)
                throw Error(ErrorCode::InvalidArgument,
                            fmt::format("{}: document {}, token {}: {} is not an id of this model (0 to {})",
                                        file.string(), documents.size() - 1, ids.size(), id.dump(), vocabulary - 1));
            ids.push_back(id.get<std::int32_t>());
        }
    }
    return documents;
}

std::size_t firstInvalidUtf8(const std::string& text) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const auto tail = [&](std::size_t at) { return (byte(at) & 0xC0U) == 0x80U; };
    std::size_t at = 0;
    while (at < text.size()) {
        const unsigned lead = byte(at);
        const unsigned next = byte(at + 1);
        std::size_t length = 0;
        if (lead < 0x80)
            length = 1;
        else if (lead >= 0xC2 && lead <= 0xDF)
            length = 2;
        else if ((lead == 0xE0 && next >= 0xA0) || (lead == 0xED && next < 0xA0) ||
                 (lead >= 0xE1 && lead <= 0xEF && lead != 0xED))
            length = 3;
        else if ((lead == 0xF0 && next >= 0x90) || (lead == 0xF4 && next < 0x90) || (lead >= 0xF1 && lead <= 0xF3))
            length = 4;
        else
            return at;
        for (std::size_t i = 1; i < length; ++i)
            if (!tail(at + i))
                return at;
        at += length;
    }
    return std::string::npos;
}

} // namespace moescope
