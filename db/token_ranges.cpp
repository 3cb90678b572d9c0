#include "db/token_ranges.h"

#include <algorithm>

#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

bool has(const std::vector<std::int32_t>& list, std::int32_t value) {
    return list.empty() || std::ranges::find(list, value) != list.end();
}

void checkDocuments(const RunInfo& run, const RunFilter& filter) {
    for (const std::int32_t document : filter.documents) {
        if (document < 0 || document >= std::int32_t(run.documents.size())) {
            throw Error(ErrorCode::NotFound, "run '" + run.spec.name + "' has no document " + std::to_string(document) +
                                                 "; it has " + std::to_string(run.documents.size()));
        }
    }
}

} // namespace

std::vector<std::int32_t> takenDomains(const RunInfo& run, const RunFilter& filter) {
    std::vector<std::int32_t> indices;
    for (const std::string& domain : filter.domains) {
        const auto at = std::ranges::find(run.domains, domain);
        if (at == run.domains.end()) {
            std::string known;
            for (const std::string& name : run.domains) {
                known += (known.empty() ? "" : ", ") + name;
            }
            throw Error(ErrorCode::NotFound,
                        "run '" + run.spec.name + "' has no domain '" + domain + "'; it has " + known);
        }
        indices.push_back(std::int32_t(at - run.domains.begin()));
    }
    return indices;
}

std::vector<TokenRange> takenTokens(const RunInfo& run, const RunFilter& filter) {
    checkDocuments(run, filter);
    const auto domains = takenDomains(run, filter);
    const TokenIndex begin = std::max<TokenIndex>(0, filter.tokenBegin);
    const TokenIndex end = filter.tokenEnd < 0 ? run.tokens : std::min(filter.tokenEnd, run.tokens);
    std::vector<TokenRange> ranges;
    if (domains.empty() && filter.documents.empty()) {
        if (begin < end) {
            ranges.push_back({begin, end});
        }
        return ranges;
    }
    for (std::size_t d = 0; d < run.documents.size(); ++d) {
        const DocumentInfo& document = run.documents[d];
        const TokenRange range{std::max(begin, document.first), std::min(end, document.first + document.tokens)};
        if (range.begin >= range.end || !has(domains, run.documentDomains[d]) ||
            !has(filter.documents, std::int32_t(d))) {
            continue;
        }
        if (!ranges.empty() && ranges.back().end == range.begin) {
            ranges.back().end = range.end;
        } else {
            ranges.push_back(range);
        }
    }
    return ranges;
}

} // namespace moescope::sqlite
