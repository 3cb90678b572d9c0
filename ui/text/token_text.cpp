#include "ui/text/token_text.h"

#include <algorithm>

namespace moescope {

namespace {
constexpr std::size_t kLongestParagraph = 1200; // bytes; longer lines are cut at a token, so that layout stays quick
}

TokenText::TokenText(std::vector<DocumentInfo> documents) : m_documents(std::move(documents)) {}

void TokenText::append(const TokenTextPart& part) {
    const std::size_t base = m_bytes.size();
    m_bytes += part.bytes;
    for (const std::uint32_t end : part.ends) {
        m_ends.push_back(base + end);
    }
    m_ids.insert(m_ids.end(), part.ids.begin(), part.ids.end());
    m_nll.insert(m_nll.end(), part.nll.begin(), part.nll.end());
    cut(part.last);
}

std::string_view TokenText::textOf(TokenIndex token) const {
    const std::size_t begin = beginOf(token);
    return std::string_view(m_bytes).substr(begin, endOf(token) - begin);
}

TokenIndex TokenText::tokenAt(std::size_t byte) const {
    const auto at = std::upper_bound(m_ends.begin(), m_ends.end(), byte);
    return std::min<TokenIndex>(at - m_ends.begin(), tokens() - 1);
}

std::size_t TokenText::paragraphOf(TokenIndex token) const {
    const std::size_t byte = beginOf(token);
    const auto after = std::upper_bound(m_paragraphs.begin(), m_paragraphs.end(), byte,
                                        [](std::size_t b, const Paragraph& p) { return b < p.begin; });
    return after == m_paragraphs.begin() ? 0 : std::size_t(after - m_paragraphs.begin()) - 1;
}

void TokenText::cut(bool last) {
    const auto total = TokenIndex(m_ends.size());
    if (m_documents.empty()) {
        return cutDocument(m_bytes.size(), last);
    }
    for (auto d = std::size_t(std::max(m_document, 0)); d < m_documents.size(); ++d) {
        const DocumentInfo& document = m_documents[d];
        if (document.first >= total) {
            return;
        }
        if (m_document != std::int32_t(d)) {
            m_document = std::int32_t(d);
            m_paragraphs.push_back({m_cut, m_cut, m_document, Paragraph::Kind::Heading});
        }
        const bool complete = document.first + document.tokens <= total || last;
        const TokenIndex end = std::min(document.first + document.tokens, total);
        cutDocument(end == 0 ? 0 : m_ends[std::size_t(end) - 1], complete);
        if (!complete) {
            return;
        }
    }
}

void TokenText::add(std::size_t end) {
    m_paragraphs.push_back({m_cut, end, std::max(m_document, 0), Paragraph::Kind::Text});
    m_cut = end;
}

void TokenText::cutDocument(std::size_t end, bool complete) {
    while (m_cut < end) {
        const std::size_t limit = std::min(end, m_cut + kLongestParagraph);
        const std::size_t newline = m_bytes.find('\n', m_cut);
        if (newline != std::string::npos && newline < limit) {
            add(newline + 1);
        } else if (end - m_cut > kLongestParagraph) {
            const std::size_t atToken = beginOf(tokenAt(limit));
            add(atToken > m_cut ? atToken : limit);
        } else if (complete) {
            add(end);
        } else {
            return;
        }
    }
}

} // namespace moescope
