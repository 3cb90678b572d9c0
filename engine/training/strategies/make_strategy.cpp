#include "engine/training/strategies/make_strategy.h"

#include <array>
#include <string_view>

#include "engine/routing/error.h"
#include "engine/routing/gshard_loss.h"
#include "engine/routing/sequence_balance.h"
#include "engine/routing/switch_loss.h"
#include "engine/routing/topk.h"
#include "engine/routing/topk_aux_loss.h"
#include "engine/routing/z_loss.h"
#include "engine/training/strategies/correction_bias_strategy.h"
#include "engine/training/strategies/expert_choice_strategy.h"
#include "engine/training/strategies/group_assignment_strategies.h"
#include "engine/training/strategies/gshard_strategy.h"
#include "engine/training/strategies/noisy_strategy.h"
#include "engine/training/strategies/topk_strategy.h"

namespace moescope {

namespace {

using Made = std::unique_ptr<BalancingStrategy>;

[[noreturn]] void cannot(const std::string& what) {
    throw Error(ErrorCode::InvalidArgument, "training: " + what);
}

// Mixtral's gate. A single expert is weighed with its probability: renormalised it would always weigh 1, and the
// router would learn nothing.
MoeConfig gateOf(const TrainConfig& c) {
    MoeConfig gate;
    gate.experts = c.experts;
    gate.topK = c.topK;
    gate.renormalize = c.topK > 1;
    return gate;
}

// Coefficients multiply the mean over layers.
double overLayers(float coefficient, const TrainConfig& c) {
    return double(coefficient) / double(c.layers);
}

LossTerm aux(const TrainConfig& c) {
    return {"aux", overLayers(c.auxCoefficient, c), topKAuxLoss};
}

LossTerm z(const TrainConfig& c) {
    return {"z", overLayers(c.zCoefficient, c), zLoss};
}

// GShard's and Switch's places for each sequence, in token order.
CapacityOptions dropping(const TrainConfig& c) {
    CapacityOptions options;
    options.factor = double(c.capacityFactor);
    return options;
}

Made makeSwitch(const TrainConfig& c) {
    if (c.topK != 1)
        cannot("switch routes each token to one expert; say --top-k 1");
    const auto loss = [context = c.context](const RoutingBlock& block, double scale, std::span<float> d) {
        return switchLoss(block, context, scale, d);
    };
    return std::make_unique<TopKStrategy>(
        gateOf(c), std::vector<LossTerm>{{"switch", overLayers(c.auxCoefficient, c), loss}}, dropping(c));
}

Made makeGshard(const TrainConfig& c) {
    if (c.topK != 2)
        cannot("gshard routes each token to two experts; say --top-k 2");
    // Its value falls with E^2: the coefficient is that of a loss which is 1 when balanced.
    const auto loss = [context = c.context, squared = double(c.experts) * double(c.experts)](
                          const RoutingBlock& block, double scale, std::span<float> d) {
        return gshardLoss(block, context, scale * squared, d);
    };
    return std::make_unique<GshardStrategy>(gateOf(c), LossTerm{"gshard", overLayers(c.auxCoefficient, c), loss},
                                            dropping(c), c.seed);
}

Made makeSequence(const TrainConfig& c) {
    const auto loss = [context = c.context](const RoutingBlock& block, double scale, std::span<float> d) {
        return sequenceBalanceLoss(block, ScoreFunction::Softmax, context, scale, d);
    };
    return std::make_unique<TopKStrategy>(gateOf(c),
                                          std::vector<LossTerm>{{"sequence", overLayers(c.auxCoefficient, c), loss}});
}

Made makeNoisy(const TrainConfig& c, NoisyStrategy::Weights weights) {
    if (c.topK >= c.experts)
        cannot("noisy gating needs more experts than --top-k");
    return std::make_unique<NoisyStrategy>(gateOf(c), weights, c.seed);
}

Made makeCorrectionBias(const TrainConfig& c) {
    MoeConfig gate = gateOf(c);
    gate.score = c.sigmoidScore ? ScoreFunction::Sigmoid : ScoreFunction::Softmax;
    return std::make_unique<CorrectionBiasStrategy>(gate, c.layers, double(c.biasRate));
}

Made makeGroupLimited(const TrainConfig& c) {
    MoeConfig gate = gateOf(c);
    gate.groupScore = GroupScore::Max;
    gate.groups = c.groups;
    gate.topkGroups = c.topkGroups;
    checkGate({LayerId(0), gate, {}});
    return std::make_unique<TopKStrategy>(gate, std::vector<LossTerm>{aux(c)});
}

struct Maker {
    std::string_view name;
    Made (*make)(const TrainConfig&);
};

constexpr std::array kMakers{
    Maker{"none",
          [](const TrainConfig& c) -> Made {
              return std::make_unique<TopKStrategy>(gateOf(c), std::vector<LossTerm>{});
          }},
    Maker{"aux",
          [](const TrainConfig& c) -> Made { return std::make_unique<TopKStrategy>(gateOf(c), std::vector{aux(c)}); }},
    Maker{"aux+z",
          [](const TrainConfig& c) -> Made {
              return std::make_unique<TopKStrategy>(gateOf(c), std::vector{aux(c), z(c)});
          }},
    Maker{"switch", makeSwitch},
    Maker{"gshard", makeGshard},
    Maker{"noisy-importance",
          [](const TrainConfig& c) {
              return makeNoisy(c, {double(c.noisyCoefficient), 0});
          }},
    Maker{"noisy-load",
          [](const TrainConfig& c) {
              return makeNoisy(c, {0, double(c.noisyCoefficient)});
          }},
    Maker{"noisy-both",
          [](const TrainConfig& c) {
              return makeNoisy(c, {double(c.noisyCoefficient) / 2, double(c.noisyCoefficient) / 2});
          }},
    Maker{"aux-free", makeCorrectionBias},
    Maker{"sequence", makeSequence},
    Maker{"expert-choice",
          [](const TrainConfig& c) -> Made { return std::make_unique<ExpertChoiceStrategy>(gateOf(c)); }},
    Maker{"sinkhorn", [](const TrainConfig& c) -> Made { return std::make_unique<SinkhornStrategy>(gateOf(c)); }},
    Maker{"base", [](const TrainConfig& c) -> Made { return std::make_unique<BaseStrategy>(gateOf(c)); }},
    Maker{"group-limited", makeGroupLimited},
};

} // namespace

std::vector<std::string> trainStrategyNames() {
    std::vector<std::string> names;
    for (const Maker& maker : kMakers)
        names.emplace_back(maker.name);
    return names;
}

std::unique_ptr<BalancingStrategy> makeStrategy(const TrainConfig& config) {
    std::string known;
    for (const Maker& maker : kMakers) {
        if (maker.name == config.strategy)
            return maker.make(config);
        known += (known.empty() ? "" : ", ") + std::string(maker.name);
    }
    throw Error(ErrorCode::Unsupported,
                "training: strategy '" + config.strategy + "' is not known (choose among " + known + ")");
}

std::vector<MoeLayerInfo> trainedGates(const TrainConfig& config) {
    const auto strategy = makeStrategy(config);
    std::vector<MoeLayerInfo> gates;
    for (std::int32_t l = 0; l < config.layers; ++l) {
        gates.push_back(strategy->gate(l));
        if (strategy->expertChoice())
            gates.back().moe.topK = config.experts;
    }
    return gates;
}

} // namespace moescope
