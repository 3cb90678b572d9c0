#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/bias_learning.h"
#include "app/service/recording.h"
#include "engine/routing/capacity.h"
#include "engine/routing/moe_config.h"
#include "engine/routing/routing_block.h"
#include "engine/routing/train_step.h"

namespace moescope {

struct ReplayOptions {
    std::string strategy = "topk";
    std::int32_t topK = 0; // 0: as recorded
    // What an expert serves of a group. None: no limit; expert-choice takes the fair share.
    std::optional<CapacityOptions> capacity;
    std::int32_t groupTokens = 1024; // consecutive tokens that choose together: expert-choice, sinkhorn, base
    BiasLearning learning;           // aux-free
    // group-limited; 0: as recorded, or 4 and at most 2 where the gate has no groups
    std::int32_t groups = 0;
    std::int32_t topkGroups = 0;
};

// What a strategy may look at before it routes anything.
struct ReplaySource {
    const Recording& recording;
    const RunInfo& recorded;              // as it lies in the file: what is read by
    const RunInfo& run;                   // as strategies see it: each layer's topK is what a token is meant to have
    std::function<void(double)> progress; // 0 to 1; throws Error(Cancelled) when stopped
};

// Chooses experts for recorded logits another way. One object replays one run.
class ReplayStrategy {
public:
    virtual ~ReplayStrategy() = default;

    // The gates of the replayed layers, in the run's order; learns what the strategy needs to know of the whole run.
    // Called once, before route. Throws Error: InvalidArgument where a layer cannot be routed so, Unsupported for a
    // gate whose weights cannot be had.
    virtual std::vector<MoeLayerInfo> prepare(const ReplaySource& source) = 0;

    // Routes consecutive tokens from a multiple of the group size on. logits [tokens, experts]; ids and weights
    // [tokens, top-k of `gate`]. layer: the index of `gate` in what prepare gave.
    virtual void route(std::size_t layer, const MoeLayerInfo& gate, const RoutingBlock& recorded,
                       std::span<std::uint16_t> ids, std::span<float> weights) = 0;

    // The trajectory of what was learnt; empty where nothing is.
    virtual std::vector<TrainStep> steps() const { return {}; }

    // Whether a token's route follows from its own logits and the gate alone.
    virtual bool followsGate() const { return true; }

    // For the run's provenance.
    virtual std::string description() const = 0;
};

// Names of --strategy: those that can be replayed and those that are refused with the reason.
std::span<const std::string_view> replayStrategyNames();

// Throws Error: InvalidArgument for a name that is none, Unsupported with the reason for a strategy that lies in the
// weights and cannot be replayed.
std::unique_ptr<ReplayStrategy> makeReplayStrategy(const ReplayOptions& options);

// The strategies, for makeReplayStrategy.
std::unique_ptr<ReplayStrategy> makeGateReplay(const ReplayOptions& options);    // topk, none, group-limited
std::unique_ptr<ReplayStrategy> makeAuxFreeReplay(const ReplayOptions& options); // aux-free
std::unique_ptr<ReplayStrategy> makeGroupReplay(const ReplayOptions& options);   // expert-choice, sinkhorn, base

// For strategies that weigh chosen experts: throws Error(Unsupported) for gates whose weights depend on how they were
// chosen.
void checkWeighable(const MoeLayerInfo& layer, std::string_view strategy);

} // namespace moescope
