#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace moescope {

// Text of tokens that arrive one at a time. What push() returns, joined, is what decoding all the ids of an encoded
// text at once gives: bytes are held back while they may still become a character. (Ids that are not anybody's
// encoding may differ in how many U+FFFD stand for their stray bytes.) Keeps a few ids only, however long the text.
// Refers to the tokenizer, which must outlive it. Not thread-safe.
class StreamDecoder {
public:
    StreamDecoder(const Tokenizer& tokenizer, bool skipSpecial) : m_tokenizer(tokenizer), m_skipSpecial(skipSpecial) {}

    std::string push(std::int32_t id); // the text that is certain now; may be empty
    std::string finish();              // what was held back, with U+FFFD for bytes that never became characters

private:
    const Tokenizer& m_tokenizer;
    bool m_skipSpecial;
    std::vector<std::int32_t> m_ids; // those of the last text given out, then those held back
    std::size_t m_given = 0;         // of m_ids, how many are given out
};

} // namespace moescope
