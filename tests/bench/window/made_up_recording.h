#pragma once

#include <cstdint>
#include <filesystem>

#include "db/run_info.h"

namespace moescope::bench {

// A recording as large as asked for, with routing as skewed as a trained router's: experts differ in how popular they
// are, layers in how much so, domains and frequent tokens have experts of their own. Words follow Zipf's law, each
// domain has its own; nll falls along a document. The same every time.
struct MadeUpShape {
    TokenIndex tokens = 0;
    std::int32_t layers = 0, experts = 0, topK = 0;
    LogitStorage logits = LogitStorage::None;
};
void makeRecording(const std::filesystem::path& file, const MadeUpShape& shape);

} // namespace moescope::bench
