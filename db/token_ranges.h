#pragma once

#include <vector>

#include "db/run_info.h"

namespace moescope::sqlite {

struct TokenRange {
    TokenIndex begin = 0;
    TokenIndex end = 0;
};

// The tokens a filter takes, as ranges in order that neither touch nor overlap, below run.tokens.
// Throws Error(NotFound) for a domain or document the run has not.
std::vector<TokenRange> takenTokens(const RunInfo& run, const RunFilter& filter);

// Indices of the filter's domains in run.domains; empty: all. Throws Error(NotFound).
std::vector<std::int32_t> takenDomains(const RunInfo& run, const RunFilter& filter);

} // namespace moescope::sqlite
