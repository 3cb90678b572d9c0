#pragma once

#include "engine/model/cpu_experts.h"
#include "engine/model/weight_source.h"

namespace moescope {

// Finds the weights of a layer's routed expert, stored by itself or in the layer's packed tensors.
ExpertWeights routedExpert(const WeightSource& weights, std::int32_t layer, std::int32_t expert);
// Of the expert that every token takes beside its own.
ExpertWeights sharedExpert(const WeightSource& weights, std::int32_t layer);
// Of a layer without experts.
ExpertWeights denseBlock(const WeightSource& weights, std::int32_t layer);

} // namespace moescope
