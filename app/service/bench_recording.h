#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/routing/routing_sink.h"
#include "engine/routing/run_spec.h"

namespace moescope {

// Recordings to measure with: each next() gives a fresh one like those that `record` makes, for `documents` documents
// of equal length. clear() removes those made so far, which must be closed; the rest goes away with this object.
class BenchRecording {
public:
    BenchRecording(const std::filesystem::path& model, std::int32_t documentTokens, bool nll);
    ~BenchRecording();
    BenchRecording(const BenchRecording&) = delete;
    BenchRecording& operator=(const BenchRecording&) = delete;

    std::unique_ptr<RoutingSink> next(std::int64_t documents);
    void clear();

private:
    RunSpec m_spec;
    std::filesystem::path m_folder;
    int m_made = 0;
};

} // namespace moescope
