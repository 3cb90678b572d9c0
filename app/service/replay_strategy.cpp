#include "app/service/replay_strategy.h"

#include <array>
#include <utility>

#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::array<std::string_view, 7> kReplayed{"topk",          "none",     "aux-free", "group-limited",
                                                    "expert-choice", "sinkhorn", "base"};

constexpr std::string_view kLossReason = "is a loss that shapes the weights in training; train with it instead";
constexpr std::string_view kNoiseReason = "draws noise from a gate that is trained with it; train with it instead";
constexpr std::string_view kSwitchReason = "is a loss that shapes the weights in training; topk with --top-k 1 and a "
                                           "capacity routes as it does";
constexpr std::string_view kGshardReason = "is a loss that shapes the weights in training, where the second expert is "
                                           "drawn at random; used, such a model routes as topk with --top-k 2";
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTrainedOnly{{{"aux", kLossReason},
                                                                                     {"aux+z", kLossReason},
                                                                                     {"sequence", kLossReason},
                                                                                     {"switch", kSwitchReason},
                                                                                     {"gshard", kGshardReason},
                                                                                     {"noisy-importance", kNoiseReason},
                                                                                     {"noisy-load", kNoiseReason},
                                                                                     {"noisy-both", kNoiseReason}}};

void checkOptions(const ReplayOptions& options) {
    if (options.topK < 0) {
        throw Error(ErrorCode::InvalidArgument, "top-k " + std::to_string(options.topK) + ": give 1 or more");
    }
    if (options.groupTokens < 1) {
        throw Error(ErrorCode::InvalidArgument,
                    "groups of " + std::to_string(options.groupTokens) + " tokens: give 1 or more");
    }
    if (options.learning.batchTokens < 1 || options.learning.passes < 0 || !(options.learning.rate > 0)) {
        throw Error(ErrorCode::InvalidArgument, "aux-free needs a rate above 0 and batches of 1 token or more");
    }
    if (options.capacity) {
        checkCapacity(*options.capacity);
    }
}

} // namespace

std::span<const std::string_view> replayStrategyNames() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all(kReplayed.begin(), kReplayed.end());
        for (const auto& [name, reason] : kTrainedOnly) {
            all.push_back(name);
        }
        return all;
    }();
    return names;
}

void checkWeighable(const MoeLayerInfo& layer, std::string_view strategy) {
    if (layer.moe.score == ScoreFunction::SparseMixer) {
        throw Error(ErrorCode::Unsupported, "strategy " + std::string(strategy) +
                                                " cannot be replayed on this model: its gate (SparseMixer) weighs "
                                                "only the experts that it takes itself; topk can");
    }
}

std::unique_ptr<ReplayStrategy> makeReplayStrategy(const ReplayOptions& options) {
    checkOptions(options);
    const std::string& name = options.strategy;
    if (name == "topk" || name == "none" || name == "group-limited") {
        return makeGateReplay(options);
    }
    if (name == "aux-free") {
        return makeAuxFreeReplay(options);
    }
    if (name == "expert-choice" || name == "sinkhorn" || name == "base") {
        return makeGroupReplay(options);
    }
    for (const auto& [refused, reason] : kTrainedOnly) {
        if (refused == name) {
            throw Error(ErrorCode::Unsupported, "strategy " + name + " cannot be replayed: it " + std::string(reason));
        }
    }
    std::string known;
    for (const std::string_view replayed : kReplayed) {
        known += (known.empty() ? "" : ", ") + std::string(replayed);
    }
    throw Error(ErrorCode::InvalidArgument, "no replay strategy '" + name + "'; there are " + known);
}

} // namespace moescope
