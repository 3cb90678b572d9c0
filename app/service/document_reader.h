#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace moescope {

// A place to read texts from: a .txt or .jsonl file, a folder, or "-" (standard input). An empty domain means: the
// name of a folder's sub-folder that holds the file, else the file's own folder's, as readDocuments says.
struct TextInput {
    std::filesystem::path path;
    std::string domain;
};

// One text with its name (for people and provenance) and its domain.
struct TextDocument {
    std::string name;
    std::string domain;
    std::string text; // valid UTF-8
};

// Reads every document in a stable order (by path). A folder's sub-folders name domains; a file given alone has the
// domain "text". A .jsonl file holds one document a line: a string, or an object with "text" and, if it likes, "domain"
// and "name". Any other file is one document. Throws Error: NotFound, Io, and Corruption naming the file and the byte
// where a text is not valid UTF-8.
std::vector<TextDocument> readDocuments(const std::vector<TextInput>& inputs);

// A document whose tokens are given: a JSON array of arrays of integers, one per document, in [0, vocabulary).
std::vector<std::vector<std::int32_t>> readTokenIds(const std::filesystem::path& file, std::int32_t vocabulary);

// Offset of the first byte that is not part of valid UTF-8 (surrogates and overlong forms are not), or npos.
std::size_t firstInvalidUtf8(const std::string& text);

} // namespace moescope
