#include "datasets/document_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/routing/error.h"

namespace moescope {

namespace fs = std::filesystem;

namespace {

constexpr const char* kDefaultDomain = "text";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string readStream(std::istream& in, const std::string& where) {
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (in.bad())
        throw Error(ErrorCode::Io, where + ": cannot be read: " + std::strerror(errno));
    return bytes;
}

void requireUtf8(std::string_view text, const std::string& where) {
    const std::size_t bad = firstInvalidUtf8(text);
    if (bad == std::string_view::npos)
        return;
    char byte[8];
    std::snprintf(byte, sizeof byte, "0x%02X", static_cast<unsigned>(static_cast<unsigned char>(text[bad])));
    throw Error(ErrorCode::Corruption, where + ": byte " + byte + " at offset " + std::to_string(bad) +
                                           " is not valid UTF-8; convert the text first, for example with "
                                           "`iconv -f latin1 -t utf-8`");
}

// The text of a file or of standard input; offsets in messages count the byte order mark that is taken off.
std::string readText(std::istream& in, const std::string& where) {
    std::string text = readStream(in, where);
    requireUtf8(text, where);
    if (text.starts_with(kByteOrderMark))
        text.erase(0, kByteOrderMark.size());
    return text;
}

// What a line does not say is taken from `defaults`.
TextDocument jsonDocument(std::string_view line, const TextDocument& defaults, const std::string& where) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    const auto take = [&json](const char* key, std::string& value) {
        if (const auto found = json.find(key); found != json.end() && found->is_string())
            value = found->get<std::string>();
    };
    TextDocument document = defaults;
    if (json.is_string()) {
        document.text = json.get<std::string>();
    } else if (json.is_object() && json.contains("text") && json["text"].is_string()) {
        take("text", document.text);
        take("domain", document.domain);
        take("name", document.name);
    } else {
        throw Error(ErrorCode::Corruption,
                    where + ": expected a JSON string or an object with a \"text\" string on each line");
    }
    return document;
}

void addJsonLines(std::string_view bytes, const TextDocument& defaults, const std::string& where,
                  std::vector<TextDocument>& documents) {
    std::size_t number = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
        const std::string_view line = bytes.substr(at, end - at);
        at = end + 1;
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        const std::string place = std::to_string(number);
        const TextDocument named{defaults.name + ":" + place, defaults.domain, {}};
        documents.push_back(jsonDocument(line, named, where + ", line " + place));
    }
}

void addFile(const fs::path& path, const TextDocument& defaults, std::vector<TextDocument>& documents) {
    std::ifstream in(path, std::ios::binary);
    if (!in)
        throw Error(ErrorCode::Io, path.string() + ": cannot be opened: " + std::strerror(errno));
    const std::string text = readText(in, path.string());
    if (path.extension() == ".jsonl")
        addJsonLines(text, defaults, path.string(), documents);
    else
        documents.push_back({defaults.name, defaults.domain, text});
}

// The folder's .txt and .jsonl files at any depth, in byte order of their paths. Links to folders are not followed.
std::vector<fs::path> filesBelow(const fs::path& folder) {
    std::vector<fs::path> files;
    for (fs::recursive_directory_iterator entry(folder), end; entry != end; ++entry) {
        const std::string extension = entry->path().extension().string();
        if (entry->path().filename().string().starts_with('.'))
            entry.disable_recursion_pending();
        else if (entry->is_regular_file() && (extension == ".txt" || extension == ".jsonl"))
            files.push_back(entry->path());
    }
    std::sort(files.begin(), files.end(),
              [](const fs::path& a, const fs::path& b) { return a.generic_string() < b.generic_string(); });
    return files;
}

// folder/DOMAIN/.../file.txt has the domain DOMAIN; folder/file.txt that of the folder's name.
std::string domainBelow(const fs::path& folder, const fs::path& relative) {
    if (relative.has_parent_path())
        return relative.begin()->string();
    // "texts/" and "." have no file name of their own.
    fs::path whole = fs::weakly_canonical(folder);
    const fs::path name = whole.has_filename() ? whole.filename() : whole.parent_path().filename();
    return name.empty() ? kDefaultDomain : name.string();
}

void addFolder(const TextInput& input, std::vector<TextDocument>& documents) {
    const std::vector<fs::path> files = filesBelow(input.path);
    if (files.empty())
        throw Error(ErrorCode::NotFound, input.path.string() + ": the folder holds no .txt or .jsonl files");
    for (const fs::path& file : files) {
        const fs::path relative = file.lexically_relative(input.path);
        const std::string domain = input.domain.empty() ? domainBelow(input.path, relative) : input.domain;
        addFile(file, {relative.generic_string(), domain, {}}, documents);
    }
}

void addInput(const TextInput& input, std::istream& standardInput, std::vector<TextDocument>& documents) {
    const std::string domain = input.domain.empty() ? kDefaultDomain : input.domain;
    if (input.path == "-")
        documents.push_back({"standard input", domain, readText(standardInput, "standard input")});
    else if (fs::is_directory(input.path))
        addFolder(input, documents);
    else if (fs::exists(input.path))
        addFile(input.path, {input.path.filename().string(), domain, {}}, documents);
    else
        throw Error(ErrorCode::NotFound, input.path.string() + ": no such file or folder");
}

} // namespace

std::vector<TextDocument> readDocuments(const std::vector<TextInput>& inputs) {
    return readDocuments(inputs, std::cin);
}

std::vector<TextDocument> readDocuments(const std::vector<TextInput>& inputs, std::istream& standardInput) {
    std::vector<TextDocument> documents;
    try {
        for (const TextInput& input : inputs)
            addInput(input, standardInput, documents);
    } catch (const fs::filesystem_error& error) {
        throw Error(ErrorCode::Io, error.path1().string() + ": " + error.code().message());
    }
    return documents;
}

} // namespace moescope
