#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/routing/ids.h"
#include "engine/routing/train_step.h"

namespace moescope {

// Writes the steps of a training beside the run they belong to. Steps become visible about once a second, and all of
// them when it is destroyed. One thread at a time. Throws Error(Io) when the disk is full.
class TrainLog {
public:
    // Steps from `next` on are taken away: a resumed training makes them again.
    TrainLog(const std::filesystem::path& file, RunId run, std::int64_t next);
    ~TrainLog();
    TrainLog(const TrainLog&) = delete;
    TrainLog& operator=(const TrainLog&) = delete;

    void add(const TrainStep& step);
    void flush();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace moescope
