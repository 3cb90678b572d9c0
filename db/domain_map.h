#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/routing/run_spec.h"

namespace moescope {

// Which domain and document a token belongs to. Documents follow each other without gaps from token 0.
class DomainMap {
public:
    struct Span {
        TokenIndex first = 0;
        TokenIndex end = 0;
        std::int32_t domain = 0;
    };

    DomainMap() = default;
    // Throws Error(InvalidArgument) for documents with gaps or overlaps.
    explicit DomainMap(const std::vector<DocumentInfo>& documents);

    const std::vector<std::string>& domains() const { return m_domains; } // by first appearance
    const std::vector<std::int32_t>& documentDomains() const { return m_documentDomains; }
    const std::vector<Span>& spans() const { return m_spans; } // neighbours of one domain joined
    TokenIndex end() const { return m_documentEnds.empty() ? 0 : m_documentEnds.back(); }

    // REQUIRES token < end().
    const Span& spanOf(TokenIndex token) const;
    std::int32_t documentOf(TokenIndex token) const;

private:
    std::int32_t domainIndex(const std::string& name);

    std::vector<std::string> m_domains;
    std::vector<std::int32_t> m_documentDomains;
    std::vector<TokenIndex> m_documentEnds;
    std::vector<Span> m_spans;
};

} // namespace moescope
