#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/model_config.h"

namespace moescope {

// Vector: gains, biases and the like, which no token is multiplied with as with a matrix.
enum class TensorRole : std::uint8_t { Embedding, Head, Norm, Vector, Attention, Router, Expert, Shared, Dense };

struct PlannedTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    TensorRole role = TensorRole::Norm;
    std::int32_t layer = -1; // -1: outside the layers
};

// Every tensor a model of this configuration is made of: experts one by one, or packed where the family's checkpoints
// always have them so.
std::vector<PlannedTensor> planTensors(const ModelConfig& config);

// The packed expert tensors of a layer, as an alternative to its experts one by one.
std::vector<PlannedTensor> planPackedExperts(const ModelConfig& config, const MoeLayerInfo& info);

// Checks that the checkpoint holds each planned tensor with its shape, experts one by one or packed, in a dtype the
// engine reads. Throws Error (NotFound, Corruption, Unsupported) naming the tensor.
void checkTensors(const ModelConfig& config, const Checkpoint& checkpoint);

} // namespace moescope
