#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/model_config.h"
#include "engine/model/execution.h"

namespace moescope {

// Rows of a stored matrix: all of a tensor, or one expert's part of a packed one.
struct WeightRows {
    TensorView tensor;
    std::int64_t firstRow = 0;
    std::int64_t rows = 0;
    std::int64_t columns = 0;

    std::span<const std::byte> bytes() const;
};

// The part's elements as f32, unchecked.
void readFloats(const WeightRows& part, float* to);

// Reads a model's weights in the type they are computed in. Every element read is checked: NaN or infinity is an
// Error(Corruption) naming the tensor. Const functions may be called from several threads.
class WeightSource {
public:
    WeightSource(const Checkpoint& checkpoint, const ModelConfig& config)
        : m_checkpoint(checkpoint), m_config(config) {}

    const ModelConfig& config() const { return m_config; }
    bool contains(const std::string& name) const { return m_checkpoint.contains(name); }

    // The rows of a tensor seen as a matrix: all leading dimensions are rows.
    WeightRows rows(const std::string& name) const;
    WeightRows rows(const std::string& name, std::int64_t firstRow, std::int64_t count) const;

    // A vector in f32 on the execution's device.
    at::Tensor vector(const std::string& name, const Execution& execution) const;
    // The parts below one another, in the execution's dtype, on the CPU. One part stored in that dtype is not copied.
    static at::Tensor matrix(std::span<const WeightRows> parts, at::ScalarType dtype);

private:
    const Checkpoint& m_checkpoint;
    const ModelConfig& m_config;
};

} // namespace moescope
