#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/training/strategies/strategy.h"
#include "engine/training/train_config.h"

namespace moescope {

// What config.strategy can name, in the order in which the documents list them.
std::vector<std::string> trainStrategyNames();

// The strategy that config.strategy names. Throws Error(Unsupported) for a name that is not known, and
// Error(InvalidArgument) for a model it cannot route.
std::unique_ptr<BalancingStrategy> makeStrategy(const TrainConfig& config);

// What the layers of a model trained so route with when it is used, before any bias is learnt. Under expert choice
// topK is the number of slots: a token can have every expert.
std::vector<MoeLayerInfo> trainedGates(const TrainConfig& config);

} // namespace moescope
