#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "app/service/recording.h"

namespace moescope {

// Tokens of a layer that go to the very set of experts that one token goes to, document by document.
struct SameRoute {
    struct Place {
        std::int32_t document = 0;
        std::int64_t tokens = 0;
        TokenIndex first = 0; // the first of them; never the token itself where there is another
    };
    LayerId layer;
    TokenIndex token = 0;
    std::vector<std::uint16_t> experts; // ascending
    std::int64_t tokens = 0;            // that go there, the token itself included
    std::int64_t of = 0;                // tokens looked at
    std::vector<Place> places;          // most tokens first
};

SameRoute readSameRoute(const Recording& recording, const RunInfo& run, const RunFilter& filter, LayerId layer,
                        TokenIndex token, std::stop_token stop);

} // namespace moescope
