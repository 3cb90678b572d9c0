#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

#include "app/service/replay_strategy.h"
#include "engine/routing/ids.h"
#include "engine/routing/run_spec.h"

namespace moescope {

struct ReplayRequest {
    std::filesystem::path db;
    std::string run;  // id or name; empty: the latest
    std::string name; // of the new run; empty: the run's name with the strategy
    ReplayOptions options;
    std::string commandLine; // for provenance; may be empty
};

// Follows a replay. Called from the thread that replays.
class ReplayObserver {
public:
    virtual ~ReplayObserver() = default;
    virtual void preparing(double /*share*/) {} // learning what the strategy needs, 0 to 1
    virtual void progress(TokenIndex /*done*/, TokenIndex /*total*/) {}
};

struct ReplaySummary {
    RunId id; // of the new run
    std::string run;
    std::string source;
    std::int64_t tokens = 0;
    std::int64_t layers = 0;
    LogitStorage logits = LogitStorage::F32; // what was replayed from
    bool sameGate = false;                   // the strategy is the recorded one
    // Against the recording: tokens that some layer sends to another set of experts, and (token, layer) pairs. With
    // the recorded gate f32 logits give 0; f16 logits may swap experts whose scores lie within f16's rounding.
    std::int64_t tokensRerouted = 0;
    std::int64_t tokenLayersRerouted = 0;
    // Largest |weight - recorded weight| where a slot holds the same expert.
    double largestWeightDifference = 0;
    // With the recorded gate: slots that the recording left empty and that are filled here. A capacity, the model's own
    // or an intervention's, and experts taken out are no part of the gate.
    std::int64_t slotsFilled = 0;
    // (max n - mean n) / mean n over the whole run, mean over layers: of the source, and of the new run.
    double sourceMaxVio = 0;
    double maxVio = 0;
    // Choices under a capacity; assigned = kept + dropped + rerouted. All 0 without one.
    std::string capacity; // in words; empty without one
    std::int64_t assigned = 0;
    std::int64_t kept = 0;
    std::int64_t dropped = 0;
    std::int64_t rerouted = 0;
    double seconds = 0;
};

// Re-routes a run's recorded logits under another strategy, into a new run of the same file. The new run reads the
// logits from its source and holds no nll: that belongs to the routing it was computed with. Synchronous.
class ReplayService {
public:
    // Throws Error: Unsupported (a run without logits, a replay whose routes do not follow from its gate, a strategy
    // that cannot be replayed), InvalidArgument, NotFound,
    // Conflict (the name is taken), Io, Cancelled (what was written stays as an interrupted run).
    ReplaySummary replay(const ReplayRequest& request, ReplayObserver& observer, std::stop_token stop = {});
};

} // namespace moescope
