#pragma once

#include <iosfwd>
#include <string>

namespace moescope {

class Tokenizer;

struct TokenizeMode {
    bool special = false; // encode: add the template's special tokens; decode: leave special tokens out
    bool decode = false;  // ids in, text out
};

// One input to one JSON value: a text to an array of ids, or (decoding) a JSON array of ids to a JSON string. `where`
// begins the message of what is wrong with the input.
std::string tokenizeOne(const Tokenizer& tokenizer, const std::string& input, const std::string& where,
                        const TokenizeMode& mode);

// Line by line through a file ("-": standard input), one JSON value a line in and out. Throws Error naming the line.
void tokenizeLines(const Tokenizer& tokenizer, const std::string& file, const TokenizeMode& mode, std::ostream& out);

// All bytes of a file, or of standard input for "-". Throws Error(Io).
std::string readWhole(const std::string& file);

} // namespace moescope
