#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace moescope {

class Engine;
class RoutingSink;

struct BenchRequest {
    std::filesystem::path model;
    std::string device = "auto";
    std::string dtype = "auto";
    std::string expertWeights = "auto";
    int threads = 0;
    std::int32_t documents = 16;       // of one batch
    std::int32_t documentTokens = 512; // one window each
    double seconds = 3;                // a run takes at least so long: batch after batch, as a recording does
    bool nll = false;
    int pairs = 5; // interleaved runs, with recording and without; the median counts
};

struct BenchResult {
    std::string device, dtype, expertWeights;
    int threads = 0;
    std::int64_t tokens = 0;   // of one run, all its batches
    double secondsWithout = 0; // median of one run
    double secondsWith = 0;
    double tokensPerSecondWithout = 0;
    double tokensPerSecondWith = 0;
    double recordingShare = 0; // throughput with recording / without, median over pairs
    double flopsPerToken = 0;  // matrix products and attention, the head where nll is asked
    double gemmPeak = 0;       // FLOP/s measured before and after each pair, median; 0: not for this device
    double peakShare = 0;      // of the runs with recording, each against the peak beside it; median
};

// Runs the same random tokens with and without recording, in turn. `makeSink` gives a fresh recording of so many
// documents for each run with recording; it is made and destroyed within the time measured, so that what it still has
// to write counts.
BenchResult benchModel(Engine& engine, const BenchRequest& request,
                       const std::function<std::unique_ptr<RoutingSink>(std::int64_t documents)>& makeSink,
                       const std::function<void(int done, int total)>& progress, std::stop_token stop);

} // namespace moescope
