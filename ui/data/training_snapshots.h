#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "app/service/recording.h"

namespace moescope {

// How a training's routing settles: recordings of one text made on the way, held against the one at the end.
struct TrainingSnapshots {
    struct Point {
        std::int64_t step = 0;
        std::vector<double> saturation;   // [layers] experts of a token that are those of the end, over k (OLMoE, 5.1)
        std::vector<double> separability; // [layers] bits by which the domains part
    };
    RunInfo end;
    std::vector<Point> points; // by step; empty where the file holds none
};

TrainingSnapshots readTrainingSnapshots(const Recording& recording, std::span<const RunInfo> runs, const RunInfo& end,
                                        std::stop_token stop);

} // namespace moescope
