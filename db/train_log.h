#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "engine/routing/ids.h"

namespace moescope {

// One optimiser step of a training. Losses are means over tokens, in nats.
struct TrainStepRecord {
    std::int64_t step = 0;   // counts from 1
    std::int64_t tokens = 0; // seen since the start
    double loss = 0;         // the language model's
    double auxLoss = 0;
    double zLoss = 0;
    double gradientNorm = 0;
    double learningRate = 0;
    double tokensPerSecond = 0;
    std::vector<std::vector<std::int64_t>> load; // [MoE layers][experts] assignments in this step
};

// Writes the steps of a training beside the run they belong to. Steps become visible about once a second, and all of
// them when it is destroyed. One thread at a time. Throws Error(Io) when the disk is full.
class TrainLog {
public:
    // Steps from `next` on are taken away: a resumed training makes them again.
    TrainLog(const std::filesystem::path& file, RunId run, std::int64_t next);
    ~TrainLog();
    TrainLog(const TrainLog&) = delete;
    TrainLog& operator=(const TrainLog&) = delete;

    void add(const TrainStepRecord& step);
    void flush();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace moescope
