#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/training/strategies/strategy.h"

namespace moescope {

// A loss on a layer's logits that a strategy adds, with its coefficient (which holds the mean over layers, if any).
struct LossTerm {
    std::string name;
    double coefficient = 0;
    std::function<double(const RoutingBlock&, double scale, std::span<float> dLogits)> loss;
};

std::vector<std::string> namesOf(const std::vector<LossTerm>& terms);

// Adds the terms' values and gradients to an output whose ids are chosen.
void addLosses(const std::vector<LossTerm>& terms, const RouterInput& input, RouterOutput& output);

// The output's routing as the losses take it.
RoutingBlock blockOf(const RouterInput& input, const RouterOutput& output);

} // namespace moescope
