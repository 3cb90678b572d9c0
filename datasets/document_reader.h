// Reads the texts that a model is run over or trained on.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "datasets/utf8.h"

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
    std::string text; // valid UTF-8, without a byte order mark
};

// Reads every document of all inputs, in the order given; within a folder in byte order of the paths, so that two
// readings of the same files agree on any machine. Hidden files are not looked at. A folder's sub-folders name domains;
// a file given alone has the domain "text". A .jsonl file holds one document a line: a string, or an object with "text"
// and, if it likes, "domain" and "name". Any other file is one document. Throws Error: NotFound, Io, and Corruption
// naming the file and the byte where a text is not valid UTF-8.
std::vector<TextDocument> readDocuments(const std::vector<TextInput>& inputs);
std::vector<TextDocument> readDocuments(const std::vector<TextInput>& inputs, std::istream& standardInput);

} // namespace moescope
