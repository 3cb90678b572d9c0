#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "app/service/export_filter.h"

namespace moescope {

// A stretch of a run's tokens with the routing of several layers, so that tables can be written token by token.
struct TokenChunk {
    TokenRange range;
    std::vector<std::uint8_t> taken;  // [tokens] whether the filter takes the token
    std::vector<RoutingBlock> layers; // each holds every token of the range; what is not taken is not set
};

struct ChunkOptions {
    bool logits = false;
    std::int64_t align = 256; // chunks begin at multiples of this
};

// Reads the filter's layers chunk by chunk, in the order of tokens, and tells how far it is (0 to 1). Memory: one chunk
// of about 32 MiB, or `align` tokens where those take more. Stretches that the filter leaves out are passed over.
void eachChunk(const Recording& recording, const RunInfo& run, const RunFilter& filter, const ChunkOptions& options,
               const std::function<void(double)>& progress, const std::function<void(const TokenChunk&)>& visit);

} // namespace moescope
