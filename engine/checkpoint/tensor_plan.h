#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/model_config.h"

namespace moescope {

enum class TensorRole : std::uint8_t { Embedding, Head, Norm, Attention, Router, Expert };

struct PlannedTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    TensorRole role = TensorRole::Norm;
    std::int32_t layer = -1; // -1: outside the layers
};

// Every tensor a model of this configuration is made of, experts one by one.
std::vector<PlannedTensor> planTensors(const ModelConfig& config);

// Checks that the checkpoint holds each planned tensor with its shape, experts one by one or packed, in a dtype the
// engine computes with. Throws Error (NotFound, Corruption, Unsupported) naming the tensor.
void checkTensors(const ModelConfig& config, const Checkpoint& checkpoint);

} // namespace moescope
