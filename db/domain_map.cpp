#include "db/domain_map.h"

#include <algorithm>

#include "engine/routing/error.h"

namespace moescope {

DomainMap::DomainMap(const std::vector<DocumentInfo>& documents) {
    for (const DocumentInfo& document : documents) {
        if (document.first != end() || document.tokens < 0) {
            throw Error(ErrorCode::InvalidArgument, "document '" + document.name + "' starts at token " +
                                                        std::to_string(document.first) + " where " +
                                                        std::to_string(end()) + " is due: documents must adjoin");
        }
        const std::int32_t domain = domainIndex(document.domain);
        const TokenIndex last = document.first + document.tokens;
        m_documentDomains.push_back(domain);
        m_documentEnds.push_back(last);
        if (document.tokens == 0) {
            continue;
        }
        if (!m_spans.empty() && m_spans.back().domain == domain) {
            m_spans.back().end = last;
        } else {
            m_spans.push_back({document.first, last, domain});
        }
    }
}

std::int32_t DomainMap::domainIndex(const std::string& name) {
    const auto found = std::ranges::find(m_domains, name);
    const auto index = std::int32_t(found - m_domains.begin());
    if (found == m_domains.end()) {
        m_domains.push_back(name);
    }
    return index;
}

const DomainMap::Span& DomainMap::spanOf(TokenIndex token) const {
    return *std::ranges::upper_bound(m_spans, token, {}, &Span::end);
}

std::int32_t DomainMap::documentOf(TokenIndex token) const {
    return std::int32_t(std::ranges::upper_bound(m_documentEnds, token) - m_documentEnds.begin());
}

} // namespace moescope
