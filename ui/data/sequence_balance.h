#pragma once

#include <stop_token>
#include <vector>

#include "analysis/uniform_null.h"
#include "app/service/recording.h"

namespace moescope {

// How evenly a layer is used along the run: one point per stretch of tokens.
struct SequenceBalance {
    struct Point {
        TokenIndex first = 0;
        std::int64_t tokens = 0;
        double cv = 0;
        std::int32_t busiest = 0;
        double busiestRatio = 0;
    };
    LayerId layer;
    std::int64_t stretch = 0; // tokens a point
    std::vector<Point> points;
    UniformNull chance; // of `stretch` tokens
};

// About `wanted` points, of at least 128 tokens each.
SequenceBalance readSequenceBalance(const Recording& recording, const RunInfo& run, const RunFilter& filter,
                                    LayerId layer, int wanted, std::stop_token stop);

} // namespace moescope
