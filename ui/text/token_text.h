#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/service/recording.h"

namespace moescope {

// Some consecutive tokens' text, as read from a recording.
struct TokenTextPart {
    TokenIndex first = 0;
    std::string bytes;
    std::vector<std::uint32_t> ends; // [tokens] end of each token in bytes
    std::vector<std::int32_t> ids;   // [tokens]
    std::vector<float> nll;          // [tokens]; NaN: none
    bool last = false;
};

// A line of the text as the view lays it out: a stretch of bytes without line break, or a document's heading.
struct Paragraph {
    enum class Kind : std::uint8_t { Text, Heading };
    std::size_t begin = 0, end = 0; // bytes; `end` includes the line break
    std::int32_t document = 0;
    Kind kind = Kind::Text;
};

// The text of a run in one piece: bytes, where tokens end, and its paragraphs. Grows as parts arrive; small enough to
// keep whole (about 13 bytes a token beside the text).
class TokenText {
public:
    explicit TokenText(std::vector<DocumentInfo> documents = {});

    void append(const TokenTextPart& part);

    TokenIndex tokens() const { return TokenIndex(m_ends.size()); }
    std::string_view bytes() const { return m_bytes; }
    std::string_view textOf(TokenIndex token) const;
    std::size_t beginOf(TokenIndex token) const { return token == 0 ? 0 : m_ends[std::size_t(token) - 1]; }
    std::size_t endOf(TokenIndex token) const { return m_ends[std::size_t(token)]; }
    std::int32_t idOf(TokenIndex token) const { return m_ids[std::size_t(token)]; }
    float nllOf(TokenIndex token) const { return m_nll[std::size_t(token)]; }
    TokenIndex tokenAt(std::size_t byte) const; // the token a byte belongs to

    const std::vector<Paragraph>& paragraphs() const { return m_paragraphs; }
    std::size_t paragraphOf(TokenIndex token) const;
    const std::vector<DocumentInfo>& documents() const { return m_documents; }

private:
    void cut(bool last);
    void cutDocument(std::size_t end, bool complete);
    void add(std::size_t end);

    std::vector<DocumentInfo> m_documents;
    std::string m_bytes;
    std::vector<std::uint64_t> m_ends;
    std::vector<std::int32_t> m_ids;
    std::vector<float> m_nll;
    std::vector<Paragraph> m_paragraphs;
    std::size_t m_cut = 0;        // bytes below belong to a paragraph
    std::int32_t m_document = -1; // whose paragraphs are being cut
};

} // namespace moescope
